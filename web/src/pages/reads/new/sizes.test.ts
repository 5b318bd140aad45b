// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { sizeText, speedText } from './sizes'

describe('sizes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [12_340, '12.3 kB'],
    [143_000, '143 kB'],
    [999_499, '999 kB'],
    [999_600, '1 MB'],
    [1_240_000, '1.2 MB'],
    [38_000_000, '38 MB'],
    [5_000_000_000, '5 GB'],
  ])('%i bytes → %s', (bytes, expected) => {
    expect(sizeText(bytes)).toBe(expected)
  })

  it('speeds are in bits', () => {
    expect(speedText(32_000)).toBe('256 kbit/s')
    expect(speedText(10)).toBe('80 bit/s')
  })
})
