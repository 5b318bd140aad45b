import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useFormat } from '@/i18n/useFormat'
import { Clock, DataList, StateTag, Tag, useFeedback, type DataColumn } from '@/ui'
import { useStep, type ReadRow } from '../data'
import { usePatientText } from '../words'
import styles from './ReadsPage.module.css'

interface ReadsTableProps {
  rows: readonly ReadRow[]
  side: 'reader' | 'requester'
  empty: ReactNode
}

function addressOf(row: ReadRow): string {
  return row.side === 'reader' ? `/reads/${row.id}/read` : `/reads/${row.id}`
}

/** What of a read cannot wait: critical first, then what is unread. */
export function ReadMarks({ row }: { row: ReadRow }) {
  const { t } = useTranslation('reads')
  return (
    <span className={styles.marks}>
      {row.critical && <Tag tone="critical">{t(row.critical_open ? 'criticalOpen' : 'critical')}</Tag>}
      {row.urgency === 'emergency' && <Tag tone="soon">{t('urgency.emergency')}</Tag>}
      {row.unread && row.side === 'requester' && <b>{t('unread')}</b>}
    </span>
  )
}

function TimeLeft({ row }: { row: ReadRow }) {
  const { t } = useTranslation('reads')
  const { time } = useFormat()
  if (row.signed_at) return <span>{t('signedAt', { time: time(row.signed_at) })}</span>
  if (row.due_at && row.state !== 'cancelled' && row.state !== 'returned') return <Clock due={row.due_at} />
  return <span className={styles.muted}>—</span>
}

/** Take it out of the queue and open it. */
function ClaimButton({ row }: { row: ReadRow }) {
  const { t } = useTranslation('reads')
  const { message } = useFeedback()
  const navigate = useNavigate()
  const claim = useStep('claim', (read) => void navigate(`/reads/${read.id}/read`))
  if (row.state !== 'queued')
    return <span className={styles.muted}>{row.mine ? t('mine') : row.claimed_by_name}</span>
  return (
    <Button
      type="primary"
      loading={claim.isPending}
      onClick={() =>
        claim.mutate(row.id, {
          onError: () => {
            message.warning(t('claimFailed'))
          },
        })
      }
      data-testid="claim"
    >
      {t('claim')}
    </Button>
  )
}

function useColumns(side: 'reader' | 'requester'): DataColumn<ReadRow>[] {
  const { t } = useTranslation('reads')
  const patient = usePatientText()
  const { time } = useFormat()
  const who: DataColumn<ReadRow> = {
    key: 'patient',
    title: t('patient'),
    card: 'title',
    render: (row) => (
      <span className={row.unread && side === 'requester' ? styles.unread : ''}>
        {[row.patient_name, patient(row.patient_sex, row.patient_age)].filter(Boolean).join(' ')}
      </span>
    ),
  }
  const common: DataColumn<ReadRow>[] = [
    { key: 'marks', title: t('urgencyLabel'), card: 'title', render: (row) => <ReadMarks row={row} /> },
    { key: 'left', title: t('timeLeft'), card: 'mark', render: (row) => <TimeLeft row={row} /> },
    { key: 'state', title: t('state'), card: 'line', render: (row) => <StateTag kind="read" state={row.state} /> },
  ]
  if (side === 'reader')
    return [
      who,
      ...common,
      { key: 'unit', title: t('requestedBy'), render: (row) => `${row.requesting_name} ${row.requester_name}` },
      { key: 'submitted', title: t('submitted'), card: 'none', render: (row) => time(row.submitted_at ?? row.created_at) },
      { key: 'claim', title: t('reader'), card: 'line', render: (row) => <ClaimButton row={row} /> },
    ]
  return [
    who,
    ...common,
    { key: 'unit', title: t('readBy'), render: (row) => `${row.supporting_name} ${row.claimed_by_name}` },
    { key: 'requester', title: t('requester'), card: 'none', render: (row) => (row.mine ? t('me') : row.requester_name) },
    { key: 'created', title: t('created'), card: 'none', render: (row) => time(row.created_at) },
  ]
}

export function ReadsTable({ rows, side, empty }: ReadsTableProps) {
  const { t } = useTranslation('reads')
  return (
    <DataList
      label={t(side === 'reader' ? 'queueTitle' : 'requestsTitle')}
      rows={rows}
      columns={useColumns(side)}
      rowKey={(row) => row.id}
      href={addressOf}
      testid="read-row"
      empty={empty}
      pageSize={50}
    />
  )
}
