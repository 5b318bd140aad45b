import { useTranslation } from 'react-i18next'
import { usePerson } from '@/api/session'
import {
  DataList,
  EmptyState,
  FilterBar,
  LinkButton,
  PageHeader,
  QueryView,
  StateTag,
  useUrlFilters,
  type DataColumn,
  type FilterField,
} from '@/ui'
import { STATES, useConsults, type ConsultFilters, type ConsultRow } from '../data'
import { ConsultClock, UrgencyTag, usePatientLine } from '../words'

const FILTERS = ['open', 'mine', 'state', 'urgency'] as const satisfies readonly (keyof ConsultFilters)[]

function useFields(): FilterField<keyof ConsultFilters>[] {
  const { t } = useTranslation('consults')
  return [
    { type: 'select', name: 'open', label: t('filter.open'), options: [{ value: '1', label: t('filter.onlyOpen') }] },
    { type: 'select', name: 'mine', label: t('filter.mine'), options: [{ value: '1', label: t('filter.onlyMine') }] },
    {
      type: 'select',
      name: 'state',
      label: t('filter.state'),
      options: STATES.map((state) => ({
        value: state,
        label: t(`common:state.consult.${state.replaceAll('_', '-')}`),
      })),
    },
    {
      type: 'select',
      name: 'urgency',
      label: t('filter.urgency'),
      options: (['emergency', 'routine'] as const).map((value) => ({ value, label: t(`common:urgency.${value}`) })),
    },
  ]
}

function JoinButton({ row }: { row: ConsultRow }) {
  const { t } = useTranslation('consults')
  return (
    <LinkButton to={`/room/consult/${row.id}`} type="primary" size="small" data-testid="join-consult">
      {t('enterRoom')}
    </LinkButton>
  )
}

function useColumns(): DataColumn<ConsultRow>[] {
  const { t } = useTranslation('consults')
  const patient = usePatientLine()
  const other = (row: ConsultRow) =>
    row.party === 'requester'
      ? [row.supporting_name, row.department_name, row.specialist?.name ?? row.invited?.name]
      : [row.requester_org_name, row.requester.name]
  return [
    { key: 'patient', title: t('patient'), card: 'title', render: (row) => patient(row.patient) },
    { key: 'urgency', title: t('urgency'), card: 'mark', render: (row) => <UrgencyTag urgency={row.urgency} /> },
    { key: 'state', title: t('state'), card: 'mark', render: (row) => <StateTag kind="consult" state={row.state} /> },
    { key: 'question', title: t('question'), width: 320, render: (row) => row.question },
    { key: 'other', title: t('otherSide'), render: (row) => other(row).filter(Boolean).join(' · ') },
    { key: 'clock', title: t('time'), render: (row) => (row.clock && row.state !== 'live' ? <ConsultClock row={row} /> : null) },
    { key: 'join', title: t('room'), render: (row) => (row.actions.includes('join') ? <JoinButton row={row} /> : null) },
  ]
}

export function ConsultsPage() {
  const { t } = useTranslation('consults')
  const person = usePerson()
  const [filters, setFilters] = useUrlFilters(FILTERS)
  const query = useConsults(filters)
  const fields = useFields()
  const columns = useColumns()
  const mayAsk = person.permissions.includes('sessions:consult:request')
  const ask = (
    <LinkButton to="/consults/new" type="primary" data-testid="new-consult">
      {t('ask')}
    </LinkButton>
  )
  return (
    <>
      <PageHeader
        title={t('title')}
        note={query.data && query.data.counts.waiting_for_me > 0 ? t('waiting', { count: query.data.counts.waiting_for_me }) : ''}
        actions={mayAsk ? ask : null}
      />
      <FilterBar fields={fields} values={filters} onChange={setFilters} />
      <QueryView query={query}>
        {(found) => (
          <DataList
            label={t('title')}
            rows={found.consults}
            columns={columns}
            rowKey={(row) => row.id}
            href={(row) => `/consults/${row.id}`}
            testid="consult"
            empty={<EmptyState title={t('empty')} hint={t(mayAsk ? 'emptyAsk' : 'emptyAnswer')} action={mayAsk ? ask : null} />}
          />
        )}
      </QueryView>
    </>
  )
}
