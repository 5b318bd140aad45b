/** Half-open intervals of unix seconds, and the scale of a time line. Pure. */

export interface Interval {
  start: number
  end: number
}

/** Sorted, overlaps and touching ends joined, empty ones dropped. */
export function merged(intervals: readonly Interval[]): Interval[] {
  const joined: Interval[] = []
  for (const { start, end } of [...intervals].sort((a, b) => a.start - b.start)) {
    if (end <= start) continue
    const last = joined.at(-1)
    if (last && start <= last.end) last.end = Math.max(last.end, end)
    else joined.push({ start, end })
  }
  return joined
}

export function seconds(intervals: readonly Interval[]): number {
  return merged(intervals).reduce((sum, { start, end }) => sum + end - start, 0)
}

/** What lies between the intervals: where somebody was there before and came back after. */
export function gaps(intervals: readonly Interval[]): Interval[] {
  const all = merged(intervals)
  return all.slice(1).map((next, place) => ({ start: all[place]?.end ?? next.start, end: next.start }))
}

/** The parts of the intervals that lie inside the window. */
export function inside(intervals: readonly Interval[], window: Interval): Interval[] {
  return merged(
    intervals.map(({ start, end }) => ({
      start: Math.max(start, window.start),
      end: Math.min(end, window.end),
    })),
  )
}

/** The window that holds the session and everything that was seen of it. */
export function windowOf(session: Interval, intervals: readonly Interval[]): Interval {
  const start = Math.min(session.start, ...intervals.map((each) => each.start))
  const end = Math.max(session.end, ...intervals.map((each) => each.end))
  return { start, end: Math.max(end, start + 1) }
}

const STEPS = [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400]

/** Round moments inside the window, at most `most` of them. */
export function ticks(window: Interval, most: number): number[] {
  const length = window.end - window.start
  const step = STEPS.find((each) => length / each <= most) ?? Math.ceil(length / most / 86_400) * 86_400
  const first = Math.ceil(window.start / step) * step
  return Array.from({ length: Math.floor((window.end - first) / step) + 1 }, (_, n) => first + n * step)
}

/** Place of a moment in the window, in percent. */
export function place(moment: number, window: Interval): number {
  return ((moment - window.start) / (window.end - window.start)) * 100
}
