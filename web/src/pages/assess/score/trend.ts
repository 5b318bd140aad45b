/** Activity against plan, added up over a period. Pure. */

export interface MonthOfKind {
  month: string
  kind: string
  done: number
  planned: number
}

export interface Point {
  month: string
  /** done up to the end of this month; null in months that have not begun */
  done: number | null
  planned: number
}

/** Running totals by month, of one kind or of all (`''`). `present` is the month of today, YYYY-MM. */
export function cumulated(rows: readonly MonthOfKind[], kind: string, present: string): Point[] {
  const months = [...new Set(rows.map((row) => row.month))].sort()
  let done = 0
  let planned = 0
  return months.map((month) => {
    for (const row of rows) {
      if (row.month !== month || (kind && row.kind !== kind)) continue
      done += row.done
      planned += row.planned
    }
    return { month, done: month <= present ? done : null, planned: Math.round(planned * 10) / 10 }
  })
}

export interface Half {
  key: string
  from: string
  to: string
}

/** Periods that are asked for most: this year's halves and the whole year, and the year before. */
export function usualPeriods(year: number): Half[] {
  return [
    { key: 'first', from: `${year}-01-01`, to: `${year}-06-30` },
    { key: 'second', from: `${year}-07-01`, to: `${year}-12-31` },
    { key: 'year', from: `${year}-01-01`, to: `${year}-12-31` },
    { key: 'before', from: `${year - 1}-01-01`, to: `${year - 1}-12-31` },
  ]
}
