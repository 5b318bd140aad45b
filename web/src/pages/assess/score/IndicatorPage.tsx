import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useFormat } from '@/i18n/useFormat'
import { DataList, EmptyState, Facts, PageHeader, Panel, QueryView, useUrlFilters } from '@/ui'
import { useEntryColumns } from '../entries/columns'
import { useWords } from '../words'
import { useEntriesOf, useScore, type Indicator, type Score } from './data'
import { PointsBar } from './PointsBar'
import styles from './Score.module.css'

const FILTERS = ['from', 'to'] as const

function Rule({ indicator }: { indicator: Indicator }) {
  const { t } = useTranslation('assess')
  const words = useWords()
  const { number } = useFormat()
  const known = indicator.points !== null
  return (
    <Panel>
      <p className={styles.formula} data-testid="formula">
        {known ? number(indicator.points ?? 0, 2) : t('unknown')} / {indicator.weight} · {words(indicator.formula_text)}
      </p>
      <PointsBar
        points={indicator.points ?? 0}
        highest={known ? (indicator.points ?? 0) : indicator.weight}
        scale={indicator.weight}
        wide
      />
      <Facts
        items={[
          { label: t('actual'), value: known ? `${number(indicator.actual, 2)} ${words(indicator.unit)}` : '—' },
          { label: t('target'), value: known ? `${number(indicator.target, 2)} ${words(indicator.unit)}` : '—' },
          { label: t('basis'), value: words(indicator.basis) },
          { label: t('source1'), value: indicator.source || '—' },
        ]}
      />
      {indicator.rules.length > 0 && (
        <ul className={styles.plain} aria-label={t('policy')}>
          {indicator.rules.map((rule) => (
            <li key={rule.zh}>{words(rule)}</li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Behind({ score, indicator }: { score: Score; indicator: Indicator }) {
  const { t } = useTranslation('assess')
  const entries = useEntriesOf(score, indicator.entries)
  const columns = useEntryColumns()
  return (
    <QueryView query={entries}>
      {(rows) => (
        <DataList
          label={t('title')}
          rows={rows}
          columns={columns}
          rowKey={(entry) => entry.id}
          href={(entry) => `/assess/entries/${entry.id}`}
          testid="entry-row"
          empty={<EmptyState title={t('noEntriesBehind')} hint={t('noEntriesBehindHint')} />}
        />
      )}
    </QueryView>
  )
}

/** One indicator: how its points come about, and every entry that they rest on. */
export function IndicatorPage() {
  const { t } = useTranslation('assess')
  const words = useWords()
  const { agreementId = '', indicatorId = '' } = useParams()
  const [period] = useUrlFilters(FILTERS)
  const query = useScore(agreementId, period)
  return (
    <QueryView query={query} page>
      {(score) => {
        const indicator = score.indicators.find((each) => each.id === indicatorId)
        if (!indicator) return <EmptyState title={t('common:error.missing')} hint={t('common:error.nextMissing')} />
        return (
          <>
            <PageHeader
              title={words(indicator.title)}
              note={`${score.supporting_name} → ${score.recipient_name} · ${words(score.policy_title)}`}
              back={{
                to: `/assess/score/${score.agreement_id}?from=${score.first_day}&to=${score.last_day}`,
                label: t('score'),
              }}
            />
            <Rule indicator={indicator} />
            <Behind score={score} indicator={indicator} />
          </>
        )
      }}
    </QueryView>
  )
}
