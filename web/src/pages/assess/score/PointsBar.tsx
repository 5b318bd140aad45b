import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/useFormat'
import styles from './Score.module.css'

interface PointsBarProps {
  points: number
  /** what the points could still become when everything unknown were in full */
  highest?: number
  scale: number
  /** pass mark */
  mark?: number
  wide?: boolean
}

/** Points as a bar: earned, still unknown, and the mark to reach. */
export function PointsBar({ points, highest = points, scale, mark, wide = false }: PointsBarProps) {
  const { t } = useTranslation('assess')
  const { number } = useFormat()
  const share = (value: number) => `${scale > 0 ? Math.min(100, (value / scale) * 100) : 0}%`
  const height = wide ? 16 : 10
  return (
    <svg
      className={wide ? styles.wideBar : styles.bar}
      width="100%"
      height={height}
      role="img"
      aria-label={t('pointsBar', { points: number(points, 1), scale: number(scale), highest: number(highest, 1) })}
    >
      <rect width="100%" height={height} className={styles.ground} />
      <rect width={share(highest)} height={height} className={styles.unknown} />
      <rect width={share(points)} height={height} className={styles.earned} />
      {mark !== undefined && (
        <line x1={share(mark)} x2={share(mark)} y1="0" y2={height} className={styles.passMark} />
      )}
    </svg>
  )
}
