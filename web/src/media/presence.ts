import type { Room } from 'livekit-client'
import { api, unwrap } from '@/api/client'
import type { Model } from '@/api/types'

type Presence = Partial<Pick<Model<'PresenceRequest'>, 'hand' | 'away'>>

/** Show something of oneself to the room. The server does it: nobody may write attributes of his own. */
export function show(room: Room, presence: Presence): Promise<unknown> {
  const params = { path: { room_id: room.name } }
  const body = { identity: room.localParticipant.identity, hand: null, away: null, ...presence }
  // A page that is being hidden may be frozen before the answer.
  return unwrap(api.POST('/api/rooms/{room_id}/presence', { params, body, keepalive: true }))
}
