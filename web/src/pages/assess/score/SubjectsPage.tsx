import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/useFormat'
import { DataList, EmptyState, PageHeader, QueryView, Tag, useUrlFilters, type DataColumn } from '@/ui'
import { useSubjects, type Subject } from './data'
import { PeriodPicker } from './PeriodPicker'
import { PointsBar } from './PointsBar'
import styles from './Score.module.css'
import { VerdictTag } from './VerdictTag'

const FILTERS = ['from', 'to'] as const

function useColumns(): DataColumn<Subject>[] {
  const { t } = useTranslation('assess')
  const { number } = useFormat()
  return [
    {
      key: 'subject',
      title: t('subject'),
      card: 'title',
      render: (row) => `${row.supporting_name} → ${row.recipient_name}`,
      sorter: (a, b) => a.recipient_name.localeCompare(b.recipient_name, 'zh'),
    },
    {
      key: 'doubts',
      title: t('doubts'),
      card: 'line',
      render: (row) => (row.doubts > 0 ? <Tag tone="soon">{t('doubtCount', { count: row.doubts })}</Tag> : '—'),
      sorter: (a, b) => a.doubts - b.doubts,
    },
    {
      key: 'points',
      title: t('score'),
      card: 'line',
      render: (row) => (
        <span className={styles.inline}>
          <span>
            <b data-testid="subject-points">{number(row.points, 1)}</b> / {row.scale}
          </span>
          <PointsBar points={row.points} highest={row.highest} scale={row.scale} mark={row.pass_mark} />
        </span>
      ),
      sorter: (a, b) => a.points - b.points,
    },
    {
      key: 'short',
      title: t('short'),
      align: 'right',
      render: (row) => (row.short > 0 ? number(row.short, 1) : '—'),
      sorter: (a, b) => a.short - b.short,
    },
    { key: 'verdict', title: t('standing'), card: 'mark', render: (row) => <VerdictTag verdict={row.verdict} /> },
    {
      key: 'entries',
      title: t('entriesCounted'),
      align: 'right',
      render: (row) => `${row.creditable} / ${row.entries}`,
      sorter: (a, b) => a.entries - b.entries,
    },
    { key: 'agreement', title: t('agreement'), render: (row) => row.agreement_number },
  ]
}

/** The units of this period with their computed scores, those with doubts first. */
export function SubjectsPage() {
  const { t } = useTranslation('assess')
  const { day } = useFormat()
  const [period, setPeriod] = useUrlFilters(FILTERS)
  const query = useSubjects(period)
  const columns = useColumns()
  const suffix = period.from && period.to ? `?from=${period.from}&to=${period.to}` : ''
  return (
    <>
      <PageHeader
        title={t('subjects')}
        note={query.data && t('periodOf', { from: day(query.data.first_day), to: day(query.data.last_day) })}
      />
      <PeriodPicker
        shown={{ from: period.from || (query.data?.first_day ?? ''), to: period.to || (query.data?.last_day ?? '') }}
        onPick={setPeriod}
      />
      <QueryView query={query}>
        {({ subjects }) => (
          <DataList
            label={t('subjects')}
            rows={subjects}
            columns={columns}
            rowKey={(row) => row.agreement_id}
            href={(row) => `/assess/score/${row.agreement_id}${suffix}`}
            testid="subject"
            empty={<EmptyState title={t('noSubjects')} hint={t('noSubjectsHint')} />}
          />
        )}
      </QueryView>
    </>
  )
}
