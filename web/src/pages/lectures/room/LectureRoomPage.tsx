import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { api, unwrap } from '@/api/client'
import { deviceId } from '@/media/marker'
import { RecordingPanel } from '@/media/recording'
import { Room } from '@/media/Room'
import type { LeaveReason } from '@/media/types'
import { SessionView } from '@/media/WayBack'
import { ErrorLine, Facts, StateTag, useFeedback } from '@/ui'
import { COUNTER_MS, useLecture, useStep, type Lecture } from '../data'
import styles from '../detail/Lecture.module.css'
import { Minutes } from '../Minutes'

/** What it is about; for those who run it, how to begin and to end. */
function Side({ lecture }: { lecture: Lecture }) {
  const { t } = useTranslation('lectures')
  const step = useStep(lecture.id)
  return (
    <>
      <div className={styles.buttons}>
        {(['open', 'start', 'end'] as const)
          .filter((name) => lecture.actions.includes(name))
          .map((name) => (
            <Button
              key={name}
              type="primary"
              disabled={step.isPending}
              onClick={() => step.mutate({ name })}
              data-testid={`action-${name}`}
            >
              {t(`action.${name}`)}
            </Button>
          ))}
      </div>
      <ErrorLine error={step.error} />
      <RecordingPanel topic="lectures" sessionId={lecture.id} />
      <Facts
        items={[
          { label: t('lecturer'), value: `${lecture.lecturer.name} ${lecture.lecturer.title}` },
          { label: t('signedIn'), value: t('people', { count: lecture.signed_in }) },
          ...(lecture.description ? [{ label: t('description'), value: lecture.description }] : []),
        ]}
      />
    </>
  )
}

function InRoom({ lecture }: { lecture: Lecture }) {
  const { t } = useTranslation('lectures')
  const navigate = useNavigate()
  const client = useQueryClient()
  const { message } = useFeedback()
  const speaker = lecture.party === 'lecturer'
  const connect = (again: boolean) =>
    unwrap(
      api.POST('/api/lectures/{lecture_id}/join', {
        params: { path: { lecture_id: lecture.id }, query: { device: deviceId(), again } },
      }),
    )
  const leave = (reason: LeaveReason) => {
    if (reason !== 'left') message.info(t(`left.${reason}`), 6)
    void client.invalidateQueries({ queryKey: ['lectures'] })
    void navigate(`/lectures/${lecture.id}`)
  }
  const allow = (identity: string, allowed: boolean) => {
    unwrap(
      api.POST('/api/lectures/{lecture_id}/speakers', {
        params: { path: { lecture_id: lecture.id } },
        body: { identity, allowed },
      }),
    ).catch(() => void message.error(t('speakerFailed')))
  }
  return (
    <Room
      name={`lecture:${lecture.id}`}
      room={lecture.id}
      kind="lecture"
      title={lecture.room_title || lecture.title}
      marks={speaker ? <StateTag kind="lecture" state={lecture.state} /> : <Minutes lecture={lecture} />}
      canPublish={speaker}
      connect={connect}
      onLeave={leave}
      side={<Side lecture={lecture} />}
      {...(lecture.actions.includes('speakers') ? { onAllowSpeaker: allow } : {})}
    />
  )
}

/** The room of a lecture: the slide is the page, the speaker a corner. */
export function LectureRoomPage() {
  const { id = '' } = useParams()
  const query = useLecture(id, COUNTER_MS)
  return <SessionView query={query}>{(lecture) => <InRoom lecture={lecture} />}</SessionView>
}
