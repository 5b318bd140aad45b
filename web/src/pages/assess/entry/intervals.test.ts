// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { gaps, inside, merged, place, seconds, ticks, windowOf } from './intervals'

const of = (...pairs: [number, number][]) => pairs.map(([start, end]) => ({ start, end }))

describe('intervals', () => {
  it('are joined when they overlap or touch, and empty ones dropped', () => {
    expect(merged(of([10, 20], [0, 5], [15, 30], [30, 31], [40, 40], [50, 45]))).toEqual(of([0, 5], [10, 31]))
  })

  it('leave their argument alone', () => {
    const given = of([0, 5], [3, 9])
    merged(given)
    expect(given).toEqual(of([0, 5], [3, 9]))
  })

  it('count every second once', () => {
    expect(seconds(of([0, 60], [30, 90], [100, 110]))).toBe(100)
    expect(seconds([])).toBe(0)
  })

  it('have gaps between them only', () => {
    expect(gaps(of([0, 5], [8, 10], [10, 12], [20, 21]))).toEqual(of([5, 8], [12, 20]))
    expect(gaps(of([0, 5]))).toEqual([])
  })

  it('are cut at the window', () => {
    expect(inside(of([0, 10], [20, 30], [40, 50]), { start: 5, end: 25 })).toEqual(of([5, 10], [20, 25]))
  })
})

describe('the scale', () => {
  it('holds the session and what was seen outside of it', () => {
    expect(windowOf({ start: 10, end: 20 }, of([5, 12], [18, 30]))).toEqual({ start: 5, end: 30 })
    expect(windowOf({ start: 10, end: 10 }, [])).toEqual({ start: 10, end: 11 })
  })

  it('has round ticks, never more than asked for', () => {
    expect(ticks({ start: 90, end: 1700 }, 6)).toEqual([300, 600, 900, 1200, 1500])
    expect(ticks({ start: 0, end: 3600 }, 6)).toEqual([0, 600, 1200, 1800, 2400, 3000, 3600])
    for (const length of [1, 59, 61, 3599, 3601, 90_000, 9_000_000])
      expect(ticks({ start: 7, end: 7 + length }, 6).length).toBeLessThanOrEqual(7)
  })

  it('places moments in percent', () => {
    expect(place(150, { start: 100, end: 200 })).toBe(50)
  })
})
