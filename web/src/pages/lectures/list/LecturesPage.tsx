import { useTranslation } from 'react-i18next'
import { usePerson } from '@/api/session'
import { useFormat } from '@/i18n/useFormat'
import {
  Clock,
  DataList,
  EmptyState,
  FilterBar,
  LinkButton,
  PageHeader,
  QueryView,
  StateTag,
  useUrlFilters,
  type DataColumn,
} from '@/ui'
import { useLectures, WHEN, type LectureRow } from '../data'
import { Minutes } from '../Minutes'

const FILTERS = ['when'] as const

function When({ lecture }: { lecture: LectureRow }) {
  const { t } = useTranslation('lectures')
  const format = useFormat()
  const waiting = lecture.state === 'announced' || lecture.state === 'open'
  return (
    <span>
      {format.time(lecture.starts_at)} · {t('minutes', { count: lecture.minutes })}{' '}
      {waiting && <Clock due={lecture.starts_at} soon={900} />}
    </span>
  )
}

function useColumns(): DataColumn<LectureRow>[] {
  const { t } = useTranslation('lectures')
  return [
    { key: 'title', title: t('lectureTitle'), card: 'title', width: 280, render: (row) => row.title },
    { key: 'state', title: t('state'), card: 'mark', render: (row) => <StateTag kind="lecture" state={row.state} /> },
    { key: 'when', title: t('when'), render: (row) => <When lecture={row} /> },
    { key: 'lecturer', title: t('lecturer'), render: (row) => `${row.lecturer.name} · ${row.supporting_name}` },
    { key: 'minutes', title: t('mine'), render: (row) => (row.live_at ? <Minutes lecture={row} /> : null) },
    {
      key: 'join',
      title: t('room'),
      render: (row) =>
        row.actions.includes('join') ? (
          <LinkButton to={`/room/lecture/${row.id}`} type="primary" size="small" data-testid="join-lecture">
            {t('enterRoom')}
          </LinkButton>
        ) : null,
    },
  ]
}

export function LecturesPage() {
  const { t } = useTranslation('lectures')
  const person = usePerson()
  const [filters, setFilters] = useUrlFilters(FILTERS)
  const query = useLectures(filters.when)
  const columns = useColumns()
  const mayPlan = person.permissions.includes('sessions:lecture:manage')
  const plan = mayPlan && (
    <LinkButton to="/lectures/new" type="primary" data-testid="new-lecture">
      {t('plan')}
    </LinkButton>
  )
  return (
    <>
      <PageHeader title={t('title')} actions={plan} />
      <FilterBar
        fields={[
          {
            type: 'select',
            name: 'when',
            label: t('filter.when'),
            options: WHEN.map((value) => ({ value, label: t(`filter.${value}`) })),
          },
        ]}
        values={filters}
        onChange={setFilters}
      />
      <QueryView query={query}>
        {(found) => (
          <DataList
            label={t('title')}
            rows={found.lectures}
            columns={columns}
            rowKey={(row) => row.id}
            href={(row) => `/lectures/${row.id}`}
            testid="lecture"
            empty={<EmptyState title={t('empty')} hint={t(mayPlan ? 'emptyPlan' : 'emptyListen')} action={plan} />}
          />
        )}
      </QueryView>
    </>
  )
}
