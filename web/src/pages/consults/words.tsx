import { useTranslation } from 'react-i18next'
import { Clock, Tag } from '@/ui'
import type { ConsultRow, Patient } from './data'

/** "王×× 男 67 岁", as far as this reader may know. */
export function usePatientLine(): (patient: Patient | null) => string {
  const { t } = useTranslation('consults')
  return (patient) => {
    if (!patient) return t('hiddenPatient')
    const age = patient.age === null ? '' : t('common:age', { count: patient.age })
    return [patient.name, t(`common:sex.${patient.sex}`), age].filter(Boolean).join(' ')
  }
}

export function UrgencyTag({ urgency }: { urgency: ConsultRow['urgency'] }) {
  const { t } = useTranslation()
  return urgency === 'emergency' ? <Tag tone="critical">{t('common:urgency.emergency')}</Tag> : null
}

/** What the row counts down to: the meeting, or the wished time while there is none. */
export function ConsultClock({ row }: { row: ConsultRow }) {
  const { t } = useTranslation('consults')
  // Once people are in the room, nothing is late any more.
  if (!row.clock || row.state === 'live') return null
  return (
    <span>
      {t(`clock.${row.clock.kind}`)} <Clock due={row.clock.at} soon={900} />
    </span>
  )
}
