// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { periodQuery } from './data'
import { cumulated, usualPeriods } from './trend'

const ROWS = [
  { month: '2026-07', kind: 'consult', done: 2, planned: 5.1 },
  { month: '2026-07', kind: 'lecture', done: 1, planned: 2.04 },
  { month: '2026-09', kind: 'consult', done: 9, planned: 5.1 },
  { month: '2026-08', kind: 'consult', done: 3, planned: 5.1 },
]

describe('the trend', () => {
  it('adds up month by month, in order, and stops at the present month', () => {
    expect(cumulated(ROWS, '', '2026-08')).toEqual([
      { month: '2026-07', done: 3, planned: 7.1 },
      { month: '2026-08', done: 6, planned: 12.2 },
      { month: '2026-09', done: null, planned: 17.3 },
    ])
  })

  it('of one kind keeps the months of all', () => {
    expect(cumulated(ROWS, 'lecture', '2026-12').map((point) => [point.month, point.done])).toEqual([
      ['2026-07', 1],
      ['2026-08', 1],
      ['2026-09', 1],
    ])
    expect(cumulated([], '', '2026-01')).toEqual([])
  })
})

describe('periods', () => {
  it('are sent whole or not at all', () => {
    expect(periodQuery({ from: '2026-01-01', to: '2026-06-30' })).toEqual({ from: '2026-01-01', to: '2026-06-30' })
    expect(periodQuery({ from: '2026-01-01', to: '' })).toEqual({})
    expect(periodQuery({ from: 'x', to: '2026-06-30' })).toEqual({})
  })

  it('usual ones do not overlap within a year', () => {
    const [first, second, year] = usualPeriods(2026)
    expect([first?.from, first?.to, second?.from, second?.to]).toEqual([
      '2026-01-01',
      '2026-06-30',
      '2026-07-01',
      '2026-12-31',
    ])
    expect([year?.from, year?.to]).toEqual(['2026-01-01', '2026-12-31'])
  })
})
