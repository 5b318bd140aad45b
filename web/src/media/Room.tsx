import { RoomAudioRenderer, RoomContext } from '@livekit/components-react'
import type { Track } from 'livekit-client'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { ErrorState, useFeedback } from '@/ui'
import { Call } from './Call'
import { useDeviceWord } from './device'
import { DeviceCheck } from './DeviceCheck'
import { forgetJoined, RECEIVE_ONLY } from './marker'
import styles from './Room.module.css'
import { RoomSession, type Phase } from './session'
import type { RoomProps } from './types'
import { useAway } from './useAway'
import { useWakeLock } from './useWakeLock'
import { Refused, WaitingRoom } from './WaitingRoom'

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

/** Before the call: devices, failures, refusals. */
function Door(props: RoomProps & { session: RoomSession; phase: Exclude<Phase, { name: 'in' }> }) {
  const { session, phase, canPublish, onLeave } = props
  const failedWith = phase.name === 'failed' ? phase.choices : null
  useEffect(() => {
    if (!failedWith) return
    const again = () => session.enter(failedWith)
    window.addEventListener('online', again)
    return () => window.removeEventListener('online', again)
  }, [failedWith, session])
  return (
    <div className={styles.door} data-testid="room-door" data-phase={phase.name}>
      {phase.name === 'failed' && <ErrorState error={phase.error} page retry={() => session.enter(phase.choices)} />}
      {phase.name === 'refused' && (
        <Refused
          title={props.title}
          reason={phase.reason}
          onAgain={() => session.enter(phase.choices, true)}
          onLeave={() => onLeave('left')}
        />
      )}
      {(phase.name === 'check' || phase.name === 'joining') && (
        <DeviceCheck
          title={props.title}
          marks={props.marks}
          kind={props.kind}
          canPublish={canPublish}
          joining={phase.name === 'joining'}
          onJoin={(chosen) => session.enter(canPublish ? chosen : RECEIVE_ONLY)}
          onLeave={() => onLeave('left')}
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
