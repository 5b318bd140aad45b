import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useFormat } from '@/i18n/useFormat'
import { RecordingPanel } from '@/media/recording'
import {
  Clock,
  ErrorLine,
  Facts,
  LinkButton,
  PageHeader,
  Panel,
  QueryView,
  StateTag,
  useFeedback,
  useReason,
} from '@/ui'
import { COUNTER_MS, useLecture, useStep, type Action, type Lecture } from '../data'
import { Minutes } from '../Minutes'
import { AttendanceList } from './AttendanceList'
import { EditPanel } from './EditPanel'
import { EncoderPanel } from './EncoderPanel'
import styles from './Lecture.module.css'

const PLAIN = ['announce', 'open', 'start', 'end', 'archive'] as const satisfies readonly Action[]

function NextSteps({ lecture }: { lecture: Lecture }) {
  const { t, i18n } = useTranslation('lectures')
  const { message } = useFeedback()
  const reason = useReason()
  const step = useStep(lecture.id, (_, taken) => void message.success(t(`done.${taken.name}`)))
  const may = (action: Action) => lecture.actions.includes(action)
  const hint = `hint.${lecture.party}.${lecture.state}`
  const hinted = i18n.exists(hint, { ns: 'lectures' })
  const cancel = async () => {
    const given = await reason({
      title: t('cancel.title'),
      consequence: t('cancel.consequence'),
      confirm: t('action.cancel'),
      danger: true,
    })
    if (given) step.mutate({ name: 'cancel', reason: given })
  }
  if (!hinted && lecture.actions.length === 0) return null
  return (
    <Panel>
      {hinted && (
        <p className={styles.hint}>
          {t(hint)}{' '}
          {lecture.state === 'announced' && !may('join') && (
            <>
              {t('opensIn')} <Clock due={lecture.opens_at} />
            </>
          )}
        </p>
      )}
      <div className={styles.buttons}>
        {may('join') && (
          <LinkButton to={`/room/lecture/${lecture.id}`} type="primary" size="large" data-testid="action-join">
            {t(lecture.party === 'lecturer' ? 'enterToSpeak' : 'enterToListen')}
          </LinkButton>
        )}
        {PLAIN.filter(may).map((name) => (
          <Button
            key={name}
            type={may('join') ? 'default' : 'primary'}
            disabled={step.isPending}
            onClick={() => step.mutate({ name })}
            data-testid={`action-${name}`}
          >
            {t(`action.${name}`)}
          </Button>
        ))}
        {may('cancel') && (
          <Button disabled={step.isPending} onClick={() => void cancel()} data-testid="action-cancel">
            {t('action.cancel')}
          </Button>
        )}
      </div>
      <ErrorLine error={step.error} />
    </Panel>
  )
}

function Shown({ lecture }: { lecture: Lecture }) {
  const { t } = useTranslation('lectures')
  const format = useFormat()
  const live = lecture.state === 'open' || lecture.state === 'live'
  return (
    <>
      <PageHeader
        title={lecture.title}
        back={{ to: '/lectures', label: t('title') }}
        marks={
          <>
            <span data-testid="lecture-state" data-state={lecture.state}>
              <StateTag kind="lecture" state={lecture.state} />
            </span>
            {lecture.live_at && <Minutes lecture={lecture} />}
          </>
        }
      />
      <NextSteps lecture={lecture} />
      <Panel title={t('about')}>
        <Facts
          items={[
            { label: t('lecturer'), value: `${lecture.lecturer.name} ${lecture.lecturer.title} · ${lecture.supporting_name}` },
            { label: t('when'), value: `${format.fullTime(lecture.starts_at)} · ${t('minutes', { count: lecture.minutes })}` },
            { label: t('invited'), value: lecture.recipients.map((each) => each.name).join('、') },
            { label: t('signedIn'), value: t('people', { count: lecture.signed_in }) },
            ...(lecture.description ? [{ label: t('description'), value: lecture.description }] : []),
            ...(lecture.cancel_reason ? [{ label: t('cancelReason'), value: lecture.cancel_reason }] : []),
          ]}
        />
      </Panel>
      {lecture.party === 'lecturer' && lecture.actions.includes('join') && <EncoderPanel lecture={lecture} />}
      <RecordingPanel topic="lectures" sessionId={lecture.id} />
      {lecture.actions.includes('edit') && <EditPanel lecture={lecture} />}
      {lecture.actions.includes('attendance') && <AttendanceList lecture={lecture} live={live} />}
    </>
  )
}

/** One lecture: what to do next, what it is about, and for those who run it who attended. */
export function LecturePage() {
  const { id = '' } = useParams()
  const query = useLecture(id, COUNTER_MS)
  return <QueryView page query={query}>{(lecture) => <Shown lecture={lecture} />}</QueryView>
}
