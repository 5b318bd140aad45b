import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/useFormat'
import { Panel, TimeLine } from '@/ui'
import type { Consult } from '../data'
import styles from './Consult.module.css'

/** When each person's voice or picture really arrived, drawn over the time of the session. */
export function AttendanceLine({ consult }: { consult: Consult }) {
  const { t } = useTranslation('consults')
  const format = useFormat()
  const seconds = consult.attendance.flatMap((row) => row.intervals.flat())
  if (seconds.length === 0) return null
  const [from, to] = [Math.min(...seconds), Math.max(...seconds)]
  return (
    <Panel title={t('attendance')}>
      <p className={styles.muted}>{t('attendanceNote')}</p>
      <TimeLine
        from={from}
        to={to}
        rows={consult.attendance.map((row) => ({
          key: `${row.person.id}-${row.role}`,
          label: row.person.name,
          value: format.clock(row.verified_seconds),
          intervals: row.intervals,
        }))}
      />
    </Panel>
  )
}
