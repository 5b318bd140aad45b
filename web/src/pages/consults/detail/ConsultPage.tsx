import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useFormat } from '@/i18n/useFormat'
import { RecordingPanel } from '@/media/recording'
import { Facts, PageHeader, Panel, QueryView, StateTag, Tag } from '@/ui'
import { useConsult, type Consult } from '../data'
import { ConsultClock, UrgencyTag, usePatientLine } from '../words'
import { Attachments } from './Attachments'
import { AttendanceLine } from './AttendanceLine'
import { EditPanel } from './EditPanel'
import { NextSteps } from './NextSteps'
import { Notes } from './Notes'
import { OpinionPanel } from './OpinionPanel'

function RequestFacts({ consult }: { consult: Consult }) {
  const { t } = useTranslation('consults')
  const format = useFormat()
  const { clinical, starts_at: startsAt } = consult
  const answering = [consult.supporting_name, consult.department_name, consult.specialist?.name ?? consult.invited?.name]
  const items = [
    { label: t('requester'), value: `${consult.requester_org_name} · ${consult.requester.name}` },
    { label: t('answering'), value: answering.filter(Boolean).join(' · ') },
    ...(consult.wished_at ? [{ label: t('wishedAt'), value: format.time(consult.wished_at) }] : []),
    ...(startsAt
      ? [{ label: t('startsAt'), value: t('startsFor', { time: format.time(startsAt), count: consult.minutes ?? 0 }) }]
      : []),
    ...(clinical
      ? [
          { label: t('summary'), value: clinical.summary },
          { label: t('question'), value: clinical.question },
        ]
      : []),
  ]
  return (
    <Panel title={t('request')}>
      <Facts items={items} />
      {!clinical && <p>{t('notClinical')}</p>}
    </Panel>
  )
}

function Shown({ consult }: { consult: Consult }) {
  const { t } = useTranslation('consults')
  const patient = usePatientLine()
  const { clinical } = consult
  return (
    <>
      <PageHeader
        title={patient(consult.patient)}
        tab={t('title')}
        back={{ to: '/consults', label: t('title') }}
        marks={
          <>
            <UrgencyTag urgency={consult.urgency} />
            <span data-testid="consult-state" data-state={consult.state}>
              <StateTag kind="consult" state={consult.state} />
            </span>
            {consult.outcome && <Tag tone={consult.outcome === 'adopted' ? 'good' : 'soon'}>{t(`outcome.${consult.outcome}`)}</Tag>}
            {consult.clock && <ConsultClock row={consult} />}
          </>
        }
      />
      <NextSteps consult={consult} />
      <OpinionPanel consult={consult} />
      <RequestFacts consult={consult} />
      {consult.actions.includes('edit') && <EditPanel consult={consult} />}
      {clinical && clinical.notes.length > 0 && <Notes notes={clinical.notes} />}
      {clinical && (
        <Panel title={t('documents')}>
          <Attachments
            consultId={consult.id}
            files={clinical.attachments}
            mayAttach={consult.actions.includes('attach')}
          />
        </Panel>
      )}
      {clinical && <RecordingPanel topic="consults" sessionId={consult.id} />}
      {consult.attendance.length > 0 && <AttendanceLine consult={consult} />}
    </>
  )
}

/** One consult: what to do next on top, then what was found, what was asked, what was shown, who was there. */
export function ConsultPage() {
  const { id = '' } = useParams()
  const query = useConsult(id)
  return <QueryView page query={query}>{(consult) => <Shown consult={consult} />}</QueryView>
}
