import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { serverNow } from '@/api/serverTime'
import type { Period } from './data'
import styles from './Score.module.css'
import { usualPeriods } from './trend'

const DayRange = lazy(() => import('@/ui/DayRange'))

interface PeriodPickerProps {
  /** what is shown now */
  shown: Period
  onPick: (period: Period) => void
}

/** The usual periods by one press, any other by its days. */
export function PeriodPicker({ shown, onPick }: PeriodPickerProps) {
  const { t } = useTranslation('assess')
  const [now] = useState(serverNow)
  const year = new Date(now).getUTCFullYear()
  return (
    <div className={styles.periods}>
      {usualPeriods(year).map(({ key, from, to }) => (
        <button
          key={key}
          type="button"
          className="dk-chip"
          aria-pressed={shown.from === from && shown.to === to}
          onClick={() => onPick({ from, to })}
        >
          {t(`periods.${key}`, { year: from.slice(0, 4) })}
        </button>
      ))}
      <Suspense>
        <DayRange label={t('period')} from={shown.from} to={shown.to} onChange={(from, to) => onPick({ from, to })} />
      </Suspense>
    </div>
  )
}
