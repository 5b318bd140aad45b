/**
 * Display filters. Second-order sections (Butterworth, bilinear transform) run forward and
 * backward, so that no wave is moved in time. Pure; only the picture changes, never the recording.
 */

export interface Band {
  /** Hz; 0 means that this side is open */
  low: number
  high: number
}

export const BANDS = {
  off: { low: 0, high: 0 },
  diagnostic: { low: 0.05, high: 150 },
  monitor: { low: 0.5, high: 40 },
} as const satisfies Record<string, Band>
export type BandName = keyof typeof BANDS

interface Section {
  b0: number
  b1: number
  b2: number
  a1: number
  a2: number
}

/**
 * Each pass is a Butterworth section that loses 1.5 dB at the cut-off, so that both together lose 3 dB there:
 * 1 / √(1 + r⁴) = 2^(−1/4) gives the ratio r between the cut-off shown and the section's own corner.
 */
const RATIO = (Math.SQRT2 - 1) ** 0.25
/** A low-pass this close to the Nyquist frequency would do nothing but harm. */
const NYQUIST_PART = 0.9

function section(kind: 'low' | 'high', cutOff: number, fs: number): Section {
  const wanted = Math.tan((Math.PI * cutOff) / fs)
  const k = kind === 'low' ? wanted / RATIO : wanted * RATIO
  const a0 = 1 + Math.SQRT2 * k + k * k
  const edge = (kind === 'low' ? k * k : 1) / a0
  const middle = kind === 'low' ? 2 * edge : -2 * edge
  return { b0: edge, b1: middle, b2: edge, a1: (2 * (k * k - 1)) / a0, a2: (1 - Math.SQRT2 * k + k * k) / a0 }
}

/** One pass, begun as if the first value had stood for ever. */
function pass(values: Float64Array, { b0, b1, b2, a1, a2 }: Section): void {
  const first = values[0] ?? 0
  const steady = ((b0 + b1 + b2) / (1 + a1 + a2)) * first
  let [x1, x2, y1, y2] = [first, first, steady, steady]
  for (let index = 0; index < values.length; index += 1) {
    const x = values[index] ?? 0
    const y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2
    ;[x2, x1, y2, y1] = [x1, x, y1, y]
    values[index] = y
  }
}

/** The signal mirrored at both ends, `pad` values each; a mirror adds no step for the high-pass to answer. */
function extended(values: ArrayLike<number>, pad: number): Float64Array {
  const count = values.length
  const out = new Float64Array(count + 2 * pad)
  const at = (index: number) => values[index] ?? 0
  for (let index = 0; index < count; index += 1) out[pad + index] = at(index)
  for (let index = 1; index <= pad; index += 1) {
    out[pad - index] = at(index)
    out[pad + count - 1 + index] = at(count - 1 - index)
  }
  return out
}

function bothWays(values: ArrayLike<number>, each: Section): Float64Array {
  const pad = Math.max(0, values.length - 1)
  const work = extended(values, pad)
  pass(work, each)
  work.reverse()
  pass(work, each)
  work.reverse()
  return work.slice(pad, pad + values.length)
}

/** Whether the low-pass of a band can be applied at this sampling frequency. */
export function lowPassFits(band: Band, fs: number): boolean {
  return band.high > 0 && band.high < (fs / 2) * NYQUIST_PART
}

/**
 * `values` filtered to the band. Gaps (NaN) are bridged by the last value while filtering and are gaps again
 * afterwards. A low-pass that does not fit the sampling frequency is left out.
 */
export function filter(values: Float32Array, band: Band, fs: number): Float32Array {
  const lowPass = lowPassFits(band, fs)
  if ((band.low <= 0 && !lowPass) || values.length < 2) return values
  let last = values.find((value) => !Number.isNaN(value)) ?? 0
  let work: Float64Array = Float64Array.from(values, (value) => (last = Number.isNaN(value) ? last : value))
  if (band.low > 0) work = bothWays(work, section('high', band.low, fs))
  if (lowPass) work = bothWays(work, section('low', band.high, fs))
  return Float32Array.from(work, (value, index) => (Number.isNaN(values[index] ?? 0) ? Number.NaN : value))
}
