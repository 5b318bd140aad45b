import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { usePerson } from '@/api/session'
import { EmptyState, FilterBar, PageHeader, QueryView, useUrlFilters, type FilterField } from '@/ui'
import { useReads, type ReadsQuery } from '../data'
import { ReadsTable } from './ReadsTable'
import styles from './ReadsPage.module.css'

const FILTERS = ['side', 'group', 'urgency', 'mine', 'q'] as const
type Filters = Record<(typeof FILTERS)[number], string>
const GROUPS = ['open', 'done', 'all'] as const

function queryOf(filters: Filters): ReadsQuery {
  const group = GROUPS.find((each) => each === filters.group) ?? 'open'
  const urgency = (['emergency', 'routine'] as const).find((each) => each === filters.urgency)
  const side = (['reader', 'requester'] as const).find((each) => each === filters.side)
  return {
    group,
    limit: 200,
    ...(side && { side }),
    ...(urgency && { urgency }),
    ...(filters.mine === 'yes' && { mine: true }),
    ...(filters.q && { search: filters.q }),
  }
}

interface TabsProps {
  filters: Filters
  onChange: (changes: Partial<Filters>) => void
  both: boolean
  side: 'reader' | 'requester'
}

/** Open, done, all; and the side, for the few who both ask and read. */
function Tabs({ filters, onChange, both, side }: TabsProps) {
  const { t } = useTranslation('reads')
  const group = filters.group || 'open'
  return (
    <div className={styles.tabs}>
      {GROUPS.map((each) => (
        <button
          key={each}
          type="button"
          className="dk-chip"
          aria-pressed={group === each}
          onClick={() => onChange({ group: each === 'open' ? '' : each })}
        >
          {t(`group.${each}`)}
        </button>
      ))}
      {both && <span className={styles.space} />}
      {both &&
        (['reader', 'requester'] as const).map((each) => (
          <button
            key={each}
            type="button"
            className="dk-chip"
            aria-pressed={side === each}
            onClick={() => onChange({ side: each })}
          >
            {t(`side.${each}`)}
          </button>
        ))}
    </div>
  )
}

function useFields(): FilterField<(typeof FILTERS)[number]>[] {
  const { t } = useTranslation('reads')
  return [
    { type: 'search', name: 'q', label: t('searchUnit') },
    {
      type: 'select',
      name: 'urgency',
      label: t('urgencyLabel'),
      options: ['emergency', 'routine'].map((value) => ({ value, label: t(`urgency.${value}`) })),
    },
    { type: 'select', name: 'mine', label: t('whose'), options: [{ value: 'yes', label: t('mineOnly') }] },
  ]
}

/** The reader's queue, by urgency and time left, or the requests of the requesting unit. */
export function ReadsPage() {
  const { t } = useTranslation('reads')
  const { permissions } = usePerson()
  const [filters, change] = useUrlFilters(FILTERS)
  const query = useReads(queryOf(filters))
  const fields = useFields()
  const asks = permissions.includes('reads:read:request')
  const readsThem = permissions.includes('reads:read:report')
  const side = readsThem && filters.side !== 'requester' ? 'reader' : 'requester'
  return (
    <>
      <PageHeader
        title={t(side === 'reader' ? 'queueTitle' : 'requestsTitle')}
        actions={
          asks && (
            <Link to="/reads/new">
              <Button type="primary" tabIndex={-1} data-testid="new-read">
                {t('newRead')}
              </Button>
            </Link>
          )
        }
      />
      <Tabs filters={filters} onChange={change} both={asks && readsThem} side={side} />
      <FilterBar fields={fields} values={filters} onChange={change} />
      <QueryView query={query}>
        {(list) => (
          <>
            <p className={styles.counts} aria-live="polite">
              {t(side === 'reader' ? 'readerCounts' : 'requesterCounts', { ...list.counts })}
              {list.counts.late > 0 && <b className={styles.late}> {t('lateCount', { count: list.counts.late })}</b>}
              {list.counts.critical_open > 0 && (
                <b className={styles.late}> {t('criticalCount', { count: list.counts.critical_open })}</b>
              )}
            </p>
            <ReadsTable
              rows={list.reads}
              side={side}
              empty={
                <EmptyState
                  title={t(side === 'reader' ? 'queueEmpty' : 'requestsEmpty')}
                  hint={t(side === 'reader' ? 'queueEmptyHint' : 'requestsEmptyHint')}
                />
              }
            />
          </>
        )}
      </QueryView>
    </>
  )
}
