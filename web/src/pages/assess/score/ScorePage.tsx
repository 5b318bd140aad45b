import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { download } from '@/api/client'
import { usePerson } from '@/api/session'
import { useFormat } from '@/i18n/useFormat'
import { EmptyState, ErrorLine, PageHeader, Panel, QueryView, Tag, useUrlFilters } from '@/ui'
import { useWords } from '../words'
import { useLogCheck, useScore, type Score } from './data'
import { Indicators } from './Indicators'
import { PeriodPicker } from './PeriodPicker'
import { PointsBar } from './PointsBar'
import styles from './Score.module.css'
import { TrendChart } from './TrendChart'
import { VerdictTag } from './VerdictTag'

const FILTERS = ['from', 'to'] as const

interface SaveButtonProps {
  path: string
  name: string
  words: string
  testid: string
}

function SaveButton({ path, name, words, testid }: SaveButtonProps) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const save = async () => {
    setBusy(true)
    setError(null)
    await download(path, name).catch(setError)
    setBusy(false)
  }
  return (
    <>
      <Button loading={busy} onClick={() => void save()} data-testid={testid}>
        {words}
      </Button>
      <ErrorLine error={error} />
    </>
  )
}

function Downloads({ score }: { score: Score }) {
  const { t } = useTranslation('assess')
  const { permissions } = usePerson()
  const id = encodeURIComponent(score.agreement_id)
  const query = `agreement_id=${id}&from=${score.first_day}&to=${score.last_day}`
  return (
    <>
      <SaveButton
        path={`/api/scores.xlsx?${query}`}
        name={`${t('score')}-${score.agreement_number}.xlsx`}
        words={t('exportXlsx')}
        testid="score-xlsx"
      />
      {permissions.includes('evidence:pack:export') && (
        <SaveButton
          path={`/api/agreements/${id}/pack`}
          name={`${t('packName')}-${score.agreement_number}.zip`}
          words={t('pack')}
          testid="pack-download"
        />
      )}
    </>
  )
}

/** The log that the score rests on, and whether it holds: by the server, and its checkpoint by this browser. */
function LogMark({ score }: { score: Score }) {
  const { t } = useTranslation('assess')
  const { number } = useFormat()
  const own = useLogCheck(score)
  const bad = !score.log.verified || own.data === 'bad'
  const good = score.log.verified && (own.data === 'good' || own.data === 'grown')
  const state = bad ? 'failed' : good ? 'verified' : own.data === 'unsupported' ? 'partly' : 'checking'
  return (
    <span data-testid="score-verified" data-state={state}>
      {t('logAt', { size: number(score.log.size) })}{' '}
      <Tag tone={bad ? 'critical' : good ? 'good' : 'neutral'}>{t(`verdict.${state}`)}</Tag>
    </span>
  )
}

function Headline({ score }: { score: Score }) {
  const { t } = useTranslation('assess')
  const words = useWords()
  const { number } = useFormat()
  return (
    <Panel>
      <div className={styles.headline}>
        <p className={styles.points}>
          <span data-testid="score">{number(score.points, 1)}</span>
          <span className={styles.scale}> / {score.scale}</span>
        </p>
        <div className={styles.headlineWords}>
          <p>
            <VerdictTag verdict={score.verdict} />{' '}
            {score.short > 0
              ? t('shortBy', { points: number(score.short, 1), mark: score.pass_mark })
              : t('reached', { mark: score.pass_mark })}
            {score.unknown_weight > 0 &&
              ` · ${t('unknownOf', { count: score.unknown_weight, highest: number(score.highest, 1) })}`}
          </p>
          <p className={styles.muted}>
            {words(score.policy_title)} · <LogMark score={score} />
          </p>
        </div>
      </div>
      <PointsBar points={score.points} highest={score.highest} scale={score.scale} mark={score.pass_mark} wide />
      <p className={styles.legend}>
        <span className={styles.earnedMark} aria-hidden /> {t('earned')} <span className={styles.unknownMark} aria-hidden />{' '}
        {t('unknownPart')} <span className={styles.passLine} aria-hidden /> {t('passMark', { mark: score.pass_mark })}
      </p>
    </Panel>
  )
}

/** Doubts first: each opens the rows that it is about. */
function Doubts({ score }: { score: Score }) {
  const { t } = useTranslation('assess')
  const words = useWords()
  const struck = score.vetoes.filter((veto) => veto.state === 'struck')
  if (score.doubts.length === 0 && struck.length === 0) return null
  const total = new Set(score.doubts.flatMap((doubt) => doubt.entries)).size
  const scope = `agreement=${score.agreement_id}&from=${score.first_day}&to=${score.last_day}`
  return (
    <section className={styles.doubts} aria-label={t('doubts')}>
      {struck.map((veto) => (
        <p key={veto.id} className={styles.struck}>
          <b>{t('veto')}:</b> {words(veto.title)} · {words(veto.basis)}
        </p>
      ))}
      {score.doubts.length > 0 && (
        <p className={styles.doubtLine}>
          <b>⚠ {t('doubtTotal', { count: total })}</b>
          {score.doubts.map((doubt) => (
            <Link key={doubt.code} to={`/assess/entries?${scope}&reason=${doubt.code}`} data-testid="doubt">
              {words(doubt)} {doubt.count}
            </Link>
          ))}
        </p>
      )}
    </section>
  )
}

/** What would still lift the score until the period's end. */
function Outlook({ score }: { score: Score }) {
  const { t } = useTranslation('assess')
  const words = useWords()
  const { number, day } = useFormat()
  const crossing = score.steps.find((step) => step.after >= score.pass_mark)
  return (
    <Panel title={t(score.closed ? 'outlookClosed' : 'outlook', { day: day(score.last_day) })}>
      {score.steps.length === 0 ? (
        <EmptyState title={t('nothingToGain')} />
      ) : (
        <ol className={styles.steps}>
          {score.steps.map((step) => (
            <li key={step.indicator}>
              <span>{words(step.text)}</span>
              {!step.certain && <span className={styles.muted}>{t('uncertain')}</span>}
              <span className={styles.amount}>
                <b>+{number(step.points, 1)}</b> <span className={styles.muted}>→ {number(step.after, 1)}</span>
              </span>
              {step === crossing && score.points < score.pass_mark && (
                <Tag tone="good">{t('crosses', { mark: score.pass_mark })}</Tag>
              )}
            </li>
          ))}
        </ol>
      )}
    </Panel>
  )
}

/** Veto items and data that nobody has supplied yet: unknown, never zero. */
function Unknowns({ score }: { score: Score }) {
  const { t } = useTranslation('assess')
  const words = useWords()
  const missing = score.indicators.filter((indicator) => indicator.points === null)
  return (
    <>
      <Panel title={t('vetoes')}>
        <ul className={styles.plain}>
          {score.vetoes.map((veto) => (
            <li key={veto.id}>
              <Tag tone={veto.state === 'struck' ? 'critical' : veto.state === 'clear' ? 'good' : 'neutral'}>
                {t(`vetoState.${veto.state}`)}
              </Tag>{' '}
              {words(veto.title)} <span className={styles.muted}>{words(veto.basis)}</span>
            </li>
          ))}
        </ul>
      </Panel>
      {missing.length > 0 && (
        <Panel title={t('missingData', { count: score.unknown_weight })}>
          <ul className={styles.plain} data-testid="missing-data">
            {missing.map((indicator) => (
              <li key={indicator.id}>
                {words(indicator.title)} <span className={styles.muted}>{t('weightOf', { count: indicator.weight })}</span>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  )
}

function Sheet({ score, onPeriod }: { score: Score; onPeriod: (period: { from: string; to: string }) => void }) {
  const { t } = useTranslation('assess')
  const words = useWords()
  const { day } = useFormat()
  return (
    <>
      <PageHeader
        title={`${score.supporting_name} → ${score.recipient_name}`}
        tab={t('score')}
        back={{ to: '/assess/score', label: t('subjects') }}
        note={`${words(score.sheet_title)} · ${score.agreement_number} · ${t('periodOf', {
          from: day(score.first_day),
          to: day(score.last_day),
        })}`}
        actions={<Downloads score={score} />}
      />
      <PeriodPicker shown={{ from: score.first_day, to: score.last_day }} onPick={onPeriod} />
      <Headline score={score} />
      <Doubts score={score} />
      <Panel title={t('trend')}>
        <TrendChart score={score} />
      </Panel>
      <Panel title={t('indicators')}>
        <Indicators score={score} />
      </Panel>
      <Outlook score={score} />
      <Unknowns score={score} />
    </>
  )
}

/** A unit's score of a period: every number a door to what it rests on. */
export function ScorePage() {
  const { agreementId = '' } = useParams()
  const [period, setPeriod] = useUrlFilters(FILTERS)
  const query = useScore(agreementId, period)
  return (
    <QueryView query={query} rows={12} page>
      {(score) => <Sheet score={score} onPeriod={setPeriod} />}
    </QueryView>
  )
}
