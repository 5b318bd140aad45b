import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/useFormat'
import { StateTag, Tag, type DataColumn } from '@/ui'
import type { EntrySummary } from '../data'
import { useVerifiedTime, useWords } from '../words'
import styles from './EntriesPage.module.css'

function Credit({ entry }: { entry: EntrySummary }) {
  const words = useWords()
  return (
    <span className={styles.tags}>
      <StateTag kind="entry" state={entry.creditable ? 'creditable' : 'not_creditable'} />
      {entry.reasons.map((reason) => (
        <span key={reason.code}>{words(reason)}</span>
      ))}
    </span>
  )
}

/** Nothing to look at twice. */
function isPlain(entry: EntrySummary): boolean {
  return entry.marks.length === 0 && entry.state === 'verified' && !entry.corrected_by && !entry.corrects
}

function Doubts({ entry }: { entry: EntrySummary }) {
  const { t } = useTranslation('assess')
  const words = useWords()
  return (
    <span className={styles.tags}>
      {entry.state === 'damaged' && <Tag tone="critical">{t('state.damaged')}</Tag>}
      {entry.state === 'pending' && <Tag>{t('state.pending')}</Tag>}
      {entry.corrected_by && <Tag>{t('superseded')}</Tag>}
      {entry.corrects && <Tag>{t('isCorrection')}</Tag>}
      {entry.marks.map((mark) => (
        <Tag key={mark.code} tone="soon">
          {words(mark)}
        </Tag>
      ))}
    </span>
  )
}

/** The columns of a list of entries: when, what, whether it counts, what is doubtful. */
export function useEntryColumns(): DataColumn<EntrySummary>[] {
  const { t } = useTranslation('assess')
  const { time } = useFormat()
  const verified = useVerifiedTime()
  return [
    {
      key: 'started',
      title: t('started'),
      card: 'title',
      render: (entry) => time(entry.started_at),
      sorter: (a, b) => a.started_at.localeCompare(b.started_at),
    },
    {
      key: 'kind',
      title: t('kindLabel'),
      card: 'title',
      render: (entry) => t(`kind.${entry.kind}`),
      sorter: (a, b) => a.kind.localeCompare(b.kind),
    },
    { key: 'credit', title: t('credit'), card: 'line', render: (entry) => <Credit entry={entry} /> },
    { key: 'doubts', title: t('doubt'), card: 'line', render: (entry) => (isPlain(entry) ? null : <Doubts entry={entry} />) },
    {
      key: 'units',
      title: t('units'),
      render: (entry) => (
        <span className={styles.units}>
          <span>{entry.supporting_name}</span> <span>→ {entry.recipient_name}</span>
        </span>
      ),
      sorter: (a, b) => a.recipient_name.localeCompare(b.recipient_name, 'zh'),
    },
    {
      key: 'people',
      title: t('peopleCount'),
      align: 'right',
      card: 'none',
      render: (entry) => entry.people_count,
      sorter: (a, b) => a.people_count - b.people_count,
    },
    {
      key: 'verified',
      title: t('verified'),
      align: 'right',
      render: (entry) => (entry.kind === 'ecg_read' && entry.verified_seconds === 0 ? '—' : verified(entry.verified_seconds)),
      sorter: (a, b) => a.verified_seconds - b.verified_seconds,
    },
    {
      key: 'index',
      title: t('index'),
      align: 'right',
      card: 'none',
      render: (entry) => (entry.ledger_index === null ? '—' : `#${entry.ledger_index}`),
      sorter: (a, b) => (a.ledger_index ?? -1) - (b.ledger_index ?? -1),
    },
  ]
}
