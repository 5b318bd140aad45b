import { type Room, RoomEvent } from 'livekit-client'
import { useEffect } from 'react'

/** The attribute by which a page says that nobody looks at it. The evidence marks such time. */
export const AWAY = 'away'

/** Say to the room whether this page is hidden, now and after every way back in. */
export function useAway(room: Room | null): void {
  useEffect(() => {
    if (!room) return
    const tell = () => {
      const away = document.visibilityState === 'hidden' ? '1' : ''
      if ((room.localParticipant.attributes[AWAY] ?? '') === away) return
      // A line that is down is told again when it is back; a participant who may not say so is never away.
      void room.localParticipant.setAttributes({ [AWAY]: away }).catch(() => undefined)
    }
    tell()
    document.addEventListener('visibilitychange', tell)
    room.on(RoomEvent.Reconnected, tell)
    return () => {
      document.removeEventListener('visibilitychange', tell)
      room.off(RoomEvent.Reconnected, tell)
    }
  }, [room])
}
