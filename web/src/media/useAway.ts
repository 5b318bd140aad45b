import { type Room, RoomEvent } from 'livekit-client'
import { useEffect } from 'react'
import { show } from './presence'
import { isWaiting } from './who'

const AGAIN_MS = 10_000

/** Say to the room whether this page is hidden, now and after every way back in: the evidence marks such time. */
export function useAway(room: Room | null): void {
  useEffect(() => {
    if (!room) return
    const me = room.localParticipant
    const known = () => Boolean(me.attributes.away)
    const hidden = () => document.visibilityState === 'hidden'
    let told = known()
    let busy = false
    let over = false
    let again: ReturnType<typeof setTimeout> | undefined
    // One at a time, and the last word is how it is now: two on their way could arrive the other way round.
    const tell = async () => {
      clearTimeout(again)
      if (busy) return
      busy = true
      try {
        while (!over && !isWaiting(me) && told !== hidden()) {
          const away = hidden()
          await show(room, { away })
          told = away
        }
      } catch {
        if (!over) again = setTimeout(() => void tell(), AGAIN_MS)
      } finally {
        busy = false
      }
    }
    const look = () => void tell()
    const back = () => {
      told = known()
      look()
    }
    look()
    document.addEventListener('visibilitychange', look)
    room.on(RoomEvent.Reconnected, back)
    room.on(RoomEvent.ParticipantPermissionsChanged, look)
    return () => {
      over = true
      clearTimeout(again)
      document.removeEventListener('visibilitychange', look)
      room.off(RoomEvent.Reconnected, back)
      room.off(RoomEvent.ParticipantPermissionsChanged, look)
    }
  }, [room])
}
