import { RoomAudioRenderer, RoomContext } from '@livekit/components-react'
import { ConnectionState, type Room as LiveRoom, RoomEvent } from 'livekit-client'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState, useFeedback } from '@/ui'
import { Call } from './Call'
import { createRoom, join, leaveReason } from './connection'
import { DeviceCheck } from './DeviceCheck'
import { forgetJoined, joinedBefore, RECEIVE_ONLY, rememberJoined } from './marker'
import styles from './Room.module.css'
import type { Choices, RoomProps } from './types'
import { useWakeLock } from './useWakeLock'

type Phase =
  | { name: 'check' }
  | { name: 'joining'; choices: Choices }
  | { name: 'in'; room: LiveRoom; choices: Choices }
  | { name: 'failed'; error: unknown; choices: Choices }

/** Word of a device's refusal, by the browser's own name for it. */
function deviceWord(error: unknown): string {
  const name = error instanceof DOMException || error instanceof Error ? error.name : ''
  if (name === 'NotAllowedError') return 'device.denied'
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'device.missing'
  return name === 'NotReadableError' ? 'device.busy' : 'device.failed'
}

/**
 * A room of a consult or a lecture: device check, the call, and back in after a reload or a lost line.
 * The media server speaks LiveKit's protocol; everything here is its stock client.
 */
export function Room(props: RoomProps) {
  const { t } = useTranslation('room')
  const { message } = useFeedback()
  const { name, canPublish, connect, onLeave } = props
  const [phase, setPhase] = useState<Phase>(() => {
    const choices = joinedBefore(name)
    return choices ? { name: 'joining', choices } : { name: 'check' }
  })
  const start = useRef({ connect, onLeave, message, t })
  useEffect(() => {
    start.current = { connect, onLeave, message, t }
  })
  const leaving = useRef(false)
  const choices = phase.name === 'joining' ? phase.choices : null

  useEffect(() => {
    if (!choices) return
    const room = createRoom(choices)
    const stop = new AbortController()
    const givenUp = () => stop.signal.aborted
    const enter = async () => {
      const current = start.current
      try {
        const seat = await current.connect()
        if (givenUp()) return
        await join(room, seat, choices, (error) => void current.message.warning(current.t(deviceWord(error))))
        if (givenUp()) {
          await room.disconnect()
          return
        }
        rememberJoined(name, choices)
        setPhase({ name: 'in', room, choices })
      } catch (error) {
        if (!givenUp()) setPhase({ name: 'failed', error, choices })
      }
    }
    void enter()
    return () => {
      stop.abort()
      // Once in, the call owns the room; see below.
      if (room.state !== ConnectionState.Connected) void room.disconnect()
    }
  }, [choices, name])

  const room = phase.name === 'in' ? phase.room : null
  useEffect(() => {
    if (!room) return
    const onDisconnected = (code: Parameters<typeof leaveReason>[0]) => {
      const reason = leaveReason(code)
      // The client also leaves by itself when the page goes away; then the marker must stay for the way back.
      if (reason === 'left' && !leaving.current) return
      if (reason) start.current.onLeave(reason)
      else setPhase((before) => (before.name === 'in' ? { name: 'joining', choices: before.choices } : before))
    }
    room.on(RoomEvent.Disconnected, onDisconnected)
    return () => {
      room.off(RoomEvent.Disconnected, onDisconnected)
      void room.disconnect()
    }
  }, [room, name])
  useWakeLock(room !== null)
  // Going to another page of the site is leaving; a reload does not come by here.
  useEffect(() => () => forgetJoined(name), [name])

  const failedWith = phase.name === 'failed' ? phase.choices : null
  useEffect(() => {
    if (!failedWith) return
    const again = () => setPhase({ name: 'joining', choices: failedWith })
    window.addEventListener('online', again)
    return () => window.removeEventListener('online', again)
  }, [failedWith])

  const enterWith = useCallback((chosen: Choices) => setPhase({ name: 'joining', choices: chosen }), [])

  if (phase.name === 'in')
    return (
      <RoomContext.Provider value={phase.room}>
        <RoomAudioRenderer />
        <Call
          {...props}
          room={phase.room}
          onLeaveNow={() => {
            leaving.current = true
            void phase.room.disconnect()
          }}
        />
      </RoomContext.Provider>
    )
  return (
    <div className={styles.door} data-testid="room-door" data-phase={phase.name}>
      {phase.name === 'failed' ? (
        <ErrorState error={phase.error} retry={() => enterWith(phase.choices)} />
      ) : (
        <DeviceCheck
          title={props.title}
          marks={props.marks}
          kind={props.kind}
          canPublish={canPublish}
          joining={phase.name === 'joining'}
          onJoin={(chosen) => enterWith(canPublish ? chosen : RECEIVE_ONLY)}
          onLeave={() => onLeave('left')}
        />
      )}
    </div>
  )
}
