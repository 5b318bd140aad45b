import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, useNavigate, useParams } from 'react-router'
import { api, unwrap } from '@/api/client'
import { useApiAction } from '@/api/query'
import { useFormat } from '@/i18n/useFormat'
import { Clock, ErrorLine, Facts, PageHeader, Panel, QueryView, StateTag, Tag, useReason } from '@/ui'
import { LinkButton } from '@/ui/LinkButton'
import { may, useCancelRead, useRead, useStep, useTerms, type Read } from '../data'
import { Tracing } from '../read/Tracing'
import { FileButton, PdfButton } from '../report/PdfButton'
import { ReportBody } from '../report/ReportBody'
import { usePatientText, useWords } from '../words'
import styles from './RequestPage.module.css'
import { Steps } from './Steps'

/** A critical value stays on top, in red, until somebody of the unit says that it was seen. */
function Critical({ read }: { read: Read }) {
  const { t } = useTranslation('reads')
  const words = useWords()
  const { time } = useFormat()
  const acknowledge = useStep('critical/acknowledge')
  if (read.criticals.length === 0) return null
  return (
    <section className={styles.critical} aria-label={t('critical')} role={read.critical_open ? 'alert' : undefined}>
      <ul>
        {read.criticals.map((each) => (
          <li key={each.id}>
            <b>
              {t('critical')}: {words(each)}
            </b>{' '}
            {each.note}{' '}
            {each.acknowledged_at ? (
              <span>{t('criticalSeen', { name: each.acknowledged_by_name, time: time(each.acknowledged_at) })}</span>
            ) : (
              <Clock due={each.due_at} />
            )}
          </li>
        ))}
      </ul>
      {may(read, 'acknowledge_critical') && (
        <Button
          danger
          type="primary"
          size="large"
          loading={acknowledge.isPending}
          onClick={() => acknowledge.mutate(read.id)}
          data-testid="acknowledge-critical"
        >
          {t('acknowledgeCritical')}
        </Button>
      )}
      <ErrorLine error={acknowledge.error} />
    </section>
  )
}

/** Confirm having read it, then say whether it was followed. */
function Answer({ read }: { read: Read }) {
  const { t } = useTranslation('reads')
  const ask = useReason()
  const acknowledge = useStep('acknowledge')
  const answer = useApiAction({
    run: (body: { adopted: boolean; reason: string }) =>
      unwrap(api.POST('/api/reads/{read_id}/outcome', { params: { path: { read_id: read.id } }, body })),
    touches: ['reads', 'entries'],
  })
  if (!may(read, 'acknowledge') && !may(read, 'adopt'))
    return read.outcome_reason ? <p>{t('outcomeReason', { reason: read.outcome_reason })}</p> : null
  const refuse = async () => {
    const reason = await ask({ title: t('notAdoptedWhy'), confirm: t('notAdopted') })
    if (reason) answer.mutate({ adopted: false, reason })
  }
  return (
    <div className={styles.answer}>
      {may(read, 'acknowledge') && (
        <Button
          type="primary"
          size="large"
          loading={acknowledge.isPending}
          onClick={() => acknowledge.mutate(read.id)}
          data-testid="acknowledge"
        >
          {t('acknowledge')}
        </Button>
      )}
      {may(read, 'adopt') && (
        <>
          <span>{t('wasAdopted')}</span>
          <Button
            type="primary"
            loading={answer.isPending}
            onClick={() => answer.mutate({ adopted: true, reason: '' })}
            data-testid="adopt"
          >
            {t('adopted')}
          </Button>
          <Button disabled={answer.isPending} onClick={() => void refuse()} data-testid="not-adopt">
            {t('notAdopted')}
          </Button>
        </>
      )}
      <ErrorLine error={acknowledge.error ?? answer.error} />
    </div>
  )
}

function SignedReport({ read }: { read: Read }) {
  const { t } = useTranslation('reads')
  const terms = useTerms().data
  const [report, ...older] = read.reports
  if (!report) return null
  return (
    <Panel title={t('report')} extra={<PdfButton id={read.id} version={report.version} />}>
      <ReportBody report={report} terms={terms} />
      <Answer read={read} />
      {older.length > 0 && (
        <details className={styles.older}>
          <summary>{t('olderVersions', { count: older.length })}</summary>
          {older.map((each) => (
            <div key={each.version} className={styles.version}>
              <ReportBody report={each} terms={terms} />
              <PdfButton id={read.id} version={each.version} />
            </div>
          ))}
        </details>
      )}
    </Panel>
  )
}

/** What can still be done before a specialist begins. */
function Preparation({ read }: { read: Read }) {
  const { t } = useTranslation('reads')
  const ask = useReason()
  const navigate = useNavigate()
  const cancel = useCancelRead(() => void navigate('/reads'))
  const goesOn = may(read, 'attach') || may(read, 'submit')
  if (!goesOn && !may(read, 'cancel')) return null
  const withdraw = async () => {
    const reason = await ask({ title: t('cancelTitle'), confirm: t('cancelRead'), danger: true })
    if (reason) cancel.mutate({ id: read.id, reason })
  }
  return (
    <>
      {read.state === 'returned' && (
        <p className={styles.returned} role="note">
          {t('returnedBecause', { reason: read.return_reason })}
        </p>
      )}
      <div className={styles.answer}>
        {goesOn && (
          <LinkButton type="primary" to={`/reads/new?read=${read.id}`} data-testid="continue">
            {t(read.state === 'returned' ? 'uploadAnother' : 'continue')}
          </LinkButton>
        )}
        {may(read, 'cancel') && (
          <Button loading={cancel.isPending} onClick={() => void withdraw()} data-testid="cancel-read">
            {t('cancelRead')}
          </Button>
        )}
        <ErrorLine error={cancel.error} />
      </div>
    </>
  )
}

function Recording({ read }: { read: Read }) {
  const { t } = useTranslation('reads')
  const { number } = useFormat()
  const [shown, setShown] = useState(false)
  const { file } = read
  if (!file) return null
  return (
    <Panel
      title={t('recording')}
      extra={
        <span className={styles.answer}>
          <Button onClick={() => setShown(!shown)} aria-expanded={shown}>
            {t(shown ? 'hideTracing' : 'showTracing')}
          </Button>
          <FileButton path={`/api/reads/${encodeURIComponent(read.id)}/original`} name="ecg.dcm" words={t('original')} />
        </span>
      }
    >
      {shown && (
        <div className={styles.tracing}>
          <Tracing id={read.id} />
        </div>
      )}
      <p>{t('checkSummary', { leads: file.leads_present.length, seconds: number(file.duration_s, 1) })}</p>
      <p className={styles.digest}>SHA-256 {file.sha256}</p>
    </Panel>
  )
}

function Request({ read }: { read: Read }) {
  const { t } = useTranslation('reads')
  const patient = usePatientText()
  if (read.side === 'reader') return <Navigate to={`/reads/${read.id}/read`} replace />
  const waiting = read.due_at !== null && ['queued', 'claimed'].includes(read.state)
  return (
    <>
      <PageHeader
        title={`${read.patient.name} ${patient(read.patient.sex, read.patient.age)}`}
        tab={t('request')}
        back={{ to: '/reads', label: t('requestsTitle') }}
        marks={
          <>
            <StateTag kind="read" state={read.state} />
            {read.urgency === 'emergency' && <Tag tone="soon">{t('urgency.emergency')}</Tag>}
            {waiting && read.due_at && <Clock due={read.due_at} />}
            {read.demo && <Tag tone="soon">{t('common:demo.mark')}</Tag>}
          </>
        }
      />
      <Critical read={read} />
      <Preparation read={read} />
      <SignedReport read={read} />
      <Panel title={t('progress')}>
        <Steps read={read} />
      </Panel>
      <Panel title={t('caseTitle')}>
        <Facts
          items={[
            { label: t('symptoms'), value: read.symptoms || '—' },
            { label: t('questionShort'), value: read.question },
            { label: t('readBy'), value: `${read.supporting_name} ${read.claimed_by_name}` },
            { label: t('requester'), value: read.requester_name },
          ]}
        />
      </Panel>
      <Recording read={read} />
    </>
  )
}

/** The requester's view: where it stands; after signing the report, and what is to be answered. */
export function RequestPage() {
  const { readId = '' } = useParams()
  const query = useRead(readId)
  return (
    <QueryView query={query} page>
      {(read) => <Request key={read.id} read={read} />}
    </QueryView>
  )
}
