import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'react-router'
import { download } from '@/api/client'
import { useFormat } from '@/i18n/useFormat'
import {
  DataList,
  EmptyState,
  ErrorLine,
  FilterBar,
  PageHeader,
  QueryView,
  StateTag,
  Tag,
  useUrlFilters,
  type DataColumn,
  type FilterField,
} from '@/ui'
import { useAgreements, useEntries, useStaff, type EntrySummary } from '../data'
import { rememberList } from '../lastList'
import { useVerifiedTime, useWords } from '../words'
import { Counts } from './Counts'
import styles from './EntriesPage.module.css'
import { FILTERS, KINDS, MARKS, REASONS, workbookAddress, type FilterName } from './filters'
import { Pages } from './Pages'

type Translate = ReturnType<typeof useTranslation<'assess'>>['t']

function useFields(): FilterField<FilterName>[] {
  const { t } = useTranslation('assess')
  const agreements = useAgreements().data?.agreements ?? []
  const staff = useStaff().data?.staff ?? []
  const units = new Map(
    agreements.flatMap((each): [string, string][] => [
      [each.supporting_id, each.supporting_name],
      [each.recipient_id, each.recipient_name],
    ]),
  )
  const named = (codes: readonly string[], group: string) =>
    codes.map((code) => ({ value: code, label: t(`${group}.${code}`) }))
  return [
    {
      type: 'select',
      name: 'agreement',
      label: t('agreement'),
      options: agreements.map((each) => ({ value: each.id, label: `${each.number} ${each.recipient_name}` })),
    },
    { type: 'select', name: 'kind', label: t('kindLabel'), options: named(KINDS, 'kind') },
    {
      type: 'select',
      name: 'unit',
      label: t('unit'),
      options: Array.from(units, ([value, label]) => ({ value, label })),
    },
    {
      type: 'select',
      name: 'person',
      label: t('person'),
      search: true,
      options: staff.map((each) => ({ value: each.id, label: `${each.name} ${each.organisation_name}` })),
    },
    { type: 'days', from: 'from', to: 'to', label: t('period') },
    {
      type: 'select',
      name: 'reason',
      label: t('reasonOrMark'),
      options: [...named(REASONS, 'reason'), ...named(MARKS, 'mark')],
    },
  ]
}

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

function columnsOf(
  t: Translate,
  time: (iso: string) => string,
  verified: (seconds: number) => string,
): DataColumn<EntrySummary>[] {
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
    { key: 'doubts', title: t('doubt'), card: 'line', render: (entry) => <Doubts entry={entry} /> },
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
      render: (entry) => verified(entry.verified_seconds),
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

function ExportButton({ address }: { address: string }) {
  const { t } = useTranslation('assess')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const save = async () => {
    setBusy(true)
    setError(null)
    try {
      await download(address, `${t('title')}.xlsx`)
    } catch (failure) {
      setError(failure)
    }
    setBusy(false)
  }
  return (
    <>
      <Button onClick={() => void save()} loading={busy} data-testid="export-xlsx">
        {t('exportXlsx')}
      </Button>
      <ErrorLine error={error} />
    </>
  )
}

/** The activity log: what was done, what of it counts, and what deserves a second look. */
export function EntriesPage() {
  const { t } = useTranslation('assess')
  const [filters, change] = useUrlFilters(FILTERS)
  const { search } = useLocation()
  useEffect(() => rememberList(search), [search])
  const query = useEntries(filters)
  const { time } = useFormat()
  const verified = useVerifiedTime()
  const fields = useFields()
  return (
    <>
      <PageHeader title={t('title')} note={t('note')} actions={<ExportButton address={workbookAddress(filters)} />} />
      <FilterBar fields={fields} values={filters} onChange={(changes) => change({ page: '', ...changes })} />
      <QueryView query={query}>
        {(log) => (
          <>
            <Counts log={log} filters={filters} onChange={(changes) => change({ page: '', ...changes })} />
            <DataList
              label={t('title')}
              rows={log.entries}
              columns={columnsOf(t, time, verified)}
              rowKey={(entry) => entry.id}
              href={(entry) => `/assess/entries/${entry.id}`}
              testid="entry-row"
              empty={<EmptyState title={t('empty')} hint={t('emptyHint')} />}
              pageSize={50}
            />
            <Pages total={log.total} page={filters.page} onPage={(page) => change({ page })} />
          </>
        )}
      </QueryView>
    </>
  )
}
