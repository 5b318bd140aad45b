/** Bytes in words, decimal as networks count: "38 MB", "143 kB". */
export function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB']
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : Number(value.toPrecision(2 + Number(value >= 10)))} ${units[unit] ?? ''}`
}

/** Bytes a second as a line's speed in bits: "180 kbit/s". */
export function speedText(bytesPerSecond: number): string {
  return `${sizeText(bytesPerSecond * 8).replace('B', 'bit')}/s`
}
