import { describe, expect, it } from 'vitest'
import { BANDS, filter, lowPassFits } from './filters'

const FS = 500

function sine(frequency: number, seconds: number, fs = FS): Float32Array {
  return Float32Array.from({ length: seconds * fs }, (_, index) => Math.sin((2 * Math.PI * frequency * index) / fs))
}

/** Gain at a frequency, from the middle of a long sine. */
function gain(frequency: number, band: { low: number; high: number }, seconds: number, fs = FS): number {
  const before = sine(frequency, seconds, fs)
  const after = filter(before, band, fs)
  const rms = (values: Float32Array) => {
    const middle = values.slice(values.length / 4, (values.length * 3) / 4)
    return Math.sqrt(middle.reduce((sum, value) => sum + value * value, 0) / middle.length)
  }
  return rms(after) / rms(before)
}

describe('display filters', () => {
  it.each([
    [0.5, BANDS.monitor, 40],
    [40, BANDS.monitor, 10],
    [150, BANDS.diagnostic, 10],
    [0.05, BANDS.diagnostic, 400],
  ] as const)('loses 3 dB at %f Hz, the cut-off that is shown', (frequency, band, seconds) => {
    expect(20 * Math.log10(gain(frequency, band, seconds))).toBeCloseTo(-3.01, 1)
  })

  it('leaves the middle of the band alone', () => {
    expect(gain(5, BANDS.monitor, 10)).toBeCloseTo(1, 2)
    expect(gain(20, BANDS.diagnostic, 10)).toBeCloseTo(1, 2)
  })

  it('takes away mains hum and a constant', () => {
    expect(gain(100, BANDS.monitor, 10)).toBeLessThan(0.05)
    const constant = filter(new Float32Array(5000).fill(3), BANDS.diagnostic, FS)
    expect(Math.max(...constant.map(Math.abs))).toBeLessThan(0.01)
  })

  it('moves no peak in time', () => {
    const values = new Float32Array(5000)
    for (let index = -20; index <= 20; index += 1) values[2500 + index] = 1 - Math.abs(index) / 21
    const after = filter(values, BANDS.monitor, FS)
    expect(after.indexOf(Math.max(...after))).toBe(2500)
  })

  it('returns the same samples when off, and keeps gaps gaps', () => {
    const values = Float32Array.from([1, 2, Number.NaN, 4])
    expect(filter(values, BANDS.off, FS)).toBe(values)
    expect([...filter(values, BANDS.monitor, FS)].map(Number.isNaN)).toEqual([false, false, true, false])
  })

  it('leaves out a low-pass above what the sampling can carry', () => {
    expect(lowPassFits(BANDS.diagnostic, 250)).toBe(false)
    expect(lowPassFits(BANDS.diagnostic, 500)).toBe(true)
    expect(gain(100, { low: 0, high: 150 }, 10, 250)).toBe(1)
  })
})
