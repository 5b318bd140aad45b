import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { serverNow } from '@/api/serverTime'
import { useFormat } from '@/i18n/useFormat'
import type { Score } from './data'
import styles from './Score.module.css'
import { cumulated, type Point } from './trend'

const HEIGHT = 160
const TOP = 8
const BOTTOM = 24

function Lines({ points }: { points: Point[] }) {
  const { t } = useTranslation('assess')
  const { number } = useFormat()
  const most = Math.max(1, ...points.map((point) => Math.max(point.planned, point.done ?? 0)))
  const x = (index: number) => 4 + (index / Math.max(1, points.length - 1)) * 90
  const y = (value: number) => TOP + (1 - value / most) * (HEIGHT - TOP - BOTTOM)
  const done = points.filter((point) => point.done !== null)
  const segments = (values: (number | null)[]) =>
    values.slice(1).map((value, index) => {
      const before = values[index]
      return value === null || before === null || before === undefined
        ? null
        : { key: index, x1: `${x(index)}%`, y1: y(before), x2: `${x(index + 1)}%`, y2: y(value) }
    })
  const last = done.at(-1)
  const final = points.at(-1)
  return (
    <svg
      width="100%"
      height={HEIGHT}
      role="img"
      aria-label={t('trendWords', { done: last?.done ?? 0, planned: number(final?.planned ?? 0, 0) })}
      className={styles.chart}
    >
      <line x1="4%" x2="94%" y1={HEIGHT - BOTTOM} y2={HEIGHT - BOTTOM} className={styles.axis} />
      {points.map((point, index) => (
        <text key={point.month} x={`${x(index)}%`} y={HEIGHT - 6} textAnchor="middle" className={styles.label}>
          {Number(point.month.slice(5))}
          {t('monthMark')}
        </text>
      ))}
      {segments(points.map((point) => point.planned)).map(
        (line) => line && <line {...line} key={`p${line.key}`} className={styles.planned} />,
      )}
      {segments(points.map((point) => point.done)).map(
        (line) => line && <line {...line} key={`d${line.key}`} className={styles.done} />,
      )}
      {done.map((point, index) => (
        <circle key={point.month} cx={`${x(index)}%`} cy={y(point.done ?? 0)} r="3" className={styles.dot} />
      ))}
      {final && (
        <text x="100%" y={y(final.planned) + 14} textAnchor="end" className={styles.label}>
          {number(final.planned, 0)}
        </text>
      )}
      {last && (
        <text x={`${x(done.length - 1)}%`} y={y(last.done ?? 0) - 8} textAnchor="middle" className={styles.doneLabel}>
          {last.done}
        </text>
      )}
    </svg>
  )
}

/** Creditable activities month by month against the plan, added up; of one kind or of all. */
export function TrendChart({ score }: { score: Score }) {
  const { t } = useTranslation('assess')
  const [kind, setKind] = useState('')
  const [now] = useState(serverNow)
  const present = new Date(now).toISOString().slice(0, 7)
  const kinds = [...new Set(score.trend.map((row) => row.kind))]
  return (
    <div>
      <div className={styles.periods}>
        {['', ...kinds].map((each) => (
          <button key={each} type="button" className="dk-chip" aria-pressed={kind === each} onClick={() => setKind(each)}>
            {each ? t(`kind.${each}`) : t('allKinds')}
          </button>
        ))}
      </div>
      <Lines points={cumulated(score.trend, kind, present)} />
      <p className={styles.legend}>
        <span className={styles.doneMark} aria-hidden /> {t('doneLine')} <span className={styles.plannedMark} aria-hidden />{' '}
        {t('plannedLine')}
      </p>
    </div>
  )
}
