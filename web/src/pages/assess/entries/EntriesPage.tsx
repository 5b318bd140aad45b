import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'react-router'
import { download } from '@/api/client'
import {
  DataList,
  EmptyState,
  ErrorLine,
  FilterBar,
  PageHeader,
  QueryView,
  useUrlFilters,
  type FilterField,
} from '@/ui'
import { useAgreements, useEntries, useStaff } from '../data'
import { rememberList } from '../lastList'
import { useEntryColumns } from './columns'
import { Counts } from './Counts'
import { FILTERS, KINDS, MARKS, REASONS, workbookAddress, type FilterName } from './filters'
import { Pages } from './Pages'

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
  const columns = useEntryColumns()
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
              columns={columns}
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
