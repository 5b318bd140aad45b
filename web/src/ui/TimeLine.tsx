import { useFormat } from '@/i18n/useFormat'
import styles from './TimeLine.module.css'

export interface TimeLineRow {
  key: string
  label: string
  /** the figure that the bars add up to */
  value: string
  /** half-open, unix seconds */
  intervals: readonly (readonly [number, number] | readonly number[])[]
}

interface TimeLineProps {
  /** unix seconds of both ends */
  from: number
  to: number
  rows: readonly TimeLineRow[]
}

/** Seconds below which both ends would be written alike without their seconds. */
const SHORT = 600

/** Intervals of several people over one stretch of time; the numbers stand beside the bars for those who cannot see. */
export function TimeLine({ from, to, rows }: TimeLineProps) {
  const format = useFormat()
  const whole = Math.max(1, to - from)
  const percent = (seconds: number) => `${(Math.min(whole, Math.max(0, seconds)) / whole) * 100}%`
  const time = whole < SHORT ? format.second : format.hour
  const iso = (seconds: number) => new Date(seconds * 1000).toISOString()
  return (
    <div className={styles.lines}>
      {rows.map((row) => (
        <div key={row.key} className={styles.row}>
          <span className={styles.label}>{row.label}</span>
          <span className={styles.track} aria-hidden>
            {row.intervals.map(([begin = from, end = begin]) => (
              <span
                key={begin}
                className={styles.bar}
                style={{ left: percent(begin - from), width: percent(end - begin) }}
              />
            ))}
          </span>
          <span className={styles.value}>{row.value}</span>
        </div>
      ))}
      <div className={styles.ends}>
        <span>{time(iso(from))}</span>
        <span>{time(iso(to))}</span>
      </div>
    </div>
  )
}
