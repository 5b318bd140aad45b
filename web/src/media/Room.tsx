import { RoomAudioRenderer, RoomContext } from '@livekit/components-react'
import type { Track } from 'livekit-client'
import { Button } from 'antd'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/api/problem'
import { EmptyState, ErrorState, useFeedback } from '@/ui'
import { Call } from './Call'
import { useDeviceWord } from './device'
import { DeviceCheck } from './DeviceCheck'
import { forgetJoined, RECEIVE_ONLY } from './marker'
import { RecordingAhead } from './recording/RecordingSign'
import styles from './Room.module.css'
import { RoomSession, type Phase } from './session'
import type { RoomProps } from './types'
import { useAway } from './useAway'
import { useWakeLock } from './useWakeLock'
import { Refused, WaitingRoom } from './WaitingRoom'
import { WayBack } from './WayBack'

/** How long a sentence stays that says what to do. */
const SECONDS = 8

/** The session of this page: it lives as long as the page shows this room. */
function useRoomSession({ name, connect, onLeave }: RoomProps): { session: RoomSession; phase: Phase } {
  const { message } = useFeedback()
  const deviceWord = useDeviceWord()
  const calls = {
    connect,
    onLeave,
    onDevice: (error: unknown, source: Track.Source) => void message.warning(deviceWord(error, source), SECONDS),
  }
  const [session] = useState(() => new RoomSession(name, calls))
  useEffect(() => {
    session.use(calls)
  })
  const phase = useSyncExternalStore(session.subscribe, session.current)
  useEffect(() => {
    session.start()
    return () => session.stop()
  }, [session])
  // Going to another page of the site is leaving; a reload does not come by here.
  useEffect(() => () => forgetJoined(name), [name])
  return { session, phase }
}

/** Not joined: why, what to do, and the way back. */
function Failed({ error, onAgain, onLeave }: { error: unknown; onAgain: () => void; onLeave: () => void }) {
  const { t } = useTranslation('room')
  return (
    <WayBack
      more={
        <Button size="large" onClick={onLeave} data-testid="room-turn-back">
          {t('turnBack')}
        </Button>
      }
    >
      {error instanceof ApiError ? (
        <ErrorState error={error} page retry={onAgain} />
      ) : (
        // The server let us in, and its media server could not be reached: the line, or what stands in between.
        <EmptyState
          page
          title={t('noMedia.title')}
          hint={t('noMedia.hint')}
          action={<Button onClick={onAgain}>{t('common:retry')}</Button>}
        />
      )}
    </WayBack>
  )
}

/** Before the call: devices, failures, refusals. */
function Door(props: RoomProps & { session: RoomSession; phase: Exclude<Phase, { name: 'in' }> }) {
  const { session, phase, canPublish } = props
  const failedWith = phase.name === 'failed' ? phase.choices : null
  useEffect(() => {
    if (!failedWith) return
    const again = () => session.enter(failedWith)
    window.addEventListener('online', again)
    return () => window.removeEventListener('online', again)
  }, [failedWith, session])
  return (
    <div className={styles.door} data-testid="room-door" data-phase={phase.name}>
      {phase.name === 'failed' && (
        <Failed error={phase.error} onAgain={() => session.enter(phase.choices)} onLeave={() => session.leave()} />
      )}
      {phase.name === 'refused' && (
        <Refused
          title={props.title}
          reason={phase.reason}
          onAgain={() => session.enter(phase.choices, true)}
          onLeave={() => session.leave()}
        />
      )}
      {(phase.name === 'check' || phase.name === 'joining') && (
        <DeviceCheck
          title={props.title}
          marks={props.marks}
          kind={props.kind}
          canPublish={canPublish}
          joining={phase.name === 'joining'}
          sign={<RecordingAhead topic={`${props.kind}s`} sessionId={props.room} />}
          onJoin={(chosen) => session.enter(canPublish ? chosen : RECEIVE_ONLY)}
          onLeave={() => session.leave()}
        />
      )}
    </div>
  )
}

/**
 * A room of a consult or a lecture: device check, perhaps the door, the call, and back in after a reload or a lost line.
 * The media server speaks LiveKit's protocol; everything here is its stock client.
 */
export function Room(props: RoomProps) {
  const { session, phase } = useRoomSession(props)
  useWakeLock(phase.name === 'in')
  useAway(phase.name === 'in' ? phase.room : null)
  if (phase.name !== 'in') return <Door {...props} session={session} phase={phase} />
  const { room, waiting, away } = phase
  if (waiting)
    return (
      <WaitingRoom
        room={room}
        title={props.title}
        kind={props.kind}
        since={room.localParticipant.attributes.waiting ?? ''}
        away={away !== null}
        onLeave={() => session.leave()}
      />
    )
  return (
    <RoomContext.Provider value={room}>
      <RoomAudioRenderer />
      <Call {...props} live={room} away={away} microphone={session.microphone} onLeaveNow={() => session.leave()} />
    </RoomContext.Provider>
  )
}
