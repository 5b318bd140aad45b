import { RoomEvent, type Participant, type RemoteParticipant, type Room } from 'livekit-client'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useFeedback } from '@/ui'

export const NOTICE_TOPIC = 'duikou.notice'
export const NOTICES = ['muted', 'camera_stopped', 'screen_stopped', 'co_host_given', 'co_host_taken'] as const
export type Notice = (typeof NOTICES)[number]

const SECONDS = 8

/** What the server tells this person, or null when it is not a notice. Pure. */
export function parseNotice(payload: Uint8Array): { notice: Notice; by: string } | null {
  try {
    const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)) as unknown
    if (typeof value !== 'object' || value === null) return null
    const { notice, by } = value as { notice?: unknown; by?: unknown }
    const known = NOTICES.find((each) => each === notice)
    return known ? { notice: known, by: typeof by === 'string' ? by : '' } : null
  } catch {
    return null
  }
}

/** Says what a host did to this person, and what the person can do. Packets of other people are never notices. */
export function useNotices(room: Room): void {
  const { t } = useTranslation('room')
  const { message } = useFeedback()
  useEffect(() => {
    const onData = (payload: Uint8Array, person?: RemoteParticipant, _kind?: unknown, topic?: string) => {
      const found = topic === NOTICE_TOPIC && !person ? parseNotice(payload) : null
      if (!found) return
      void message.info(t(`notice.${found.notice}`, { name: found.by }), SECONDS)
      // A muted screen would stay in the way as a black picture.
      if (found.notice === 'screen_stopped') void room.localParticipant.setScreenShareEnabled(false)
    }
    // A listener who may speak from now on, or no more. It is not seen by who is let in: nobody is in the room then.
    const onPermissions = (before: Participant['permissions'], person: Participant) => {
      const may = person.permissions?.canPublish
      if (!person.isLocal || !before || before.canPublish === may) return
      void message.info(t(may ? 'notice.may_speak' : 'notice.may_listen'), SECONDS)
    }
    room.on(RoomEvent.DataReceived, onData)
    room.on(RoomEvent.ParticipantPermissionsChanged, onPermissions)
    return () => {
      room.off(RoomEvent.DataReceived, onData)
      room.off(RoomEvent.ParticipantPermissionsChanged, onPermissions)
    }
  }, [room, message, t])
}
