import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/useFormat'
import { useVerifiedTime } from '../words'
import { place, type Interval } from './intervals'
import styles from './Timeline.module.css'

interface TurnaroundProps {
  /** from the request to its answer, unix seconds */
  span: Interval
  /** minutes allowed; null when no rule applies */
  dueMinutes: number | null
}

const HEIGHT = 44
const BAR = 16

/** How long a read took, against the time it was allowed. */
export function Turnaround({ span, dueMinutes }: TurnaroundProps) {
  const { t } = useTranslation('assess')
  const { hour } = useFormat()
  const verified = useVerifiedTime()
  const due = dueMinutes === null ? null : span.start + dueMinutes * 60
  const length = Math.max(span.end, due ?? 0, span.start + 60) - span.start
  const window = { start: span.start, end: span.start + length * 1.08 }
  const iso = (moment: number) => new Date(moment * 1000).toISOString()
  const took = verified(span.end - span.start)
  const words = due === null ? took : t('tookOf', { took, due: verified(due - span.start) })
  return (
    <div data-testid="timeline">
      <p>{words}</p>
      <svg className={styles.drawing} width="100%" height={HEIGHT} role="img" aria-label={words}>
        <line x1="0" x2="100%" y1={BAR / 2} y2={BAR / 2} className={styles.ground} />
        <rect width={`${place(span.end, window)}%`} height={BAR} className={styles.verified} />
        <text x="0" y={HEIGHT - 12} className={styles.tick}>
          {hour(iso(span.start))}
        </text>
        {due !== null && (
          <>
            <line x1={`${place(due, window)}%`} x2={`${place(due, window)}%`} y1={-2} y2={BAR + 4} className={styles.due} />
            <text x={`${place(due, window)}%`} y={HEIGHT - 12} textAnchor="end" className={styles.tick}>
              {t('dueAt', { time: hour(iso(due)) })}
            </text>
          </>
        )}
      </svg>
    </div>
  )
}
