import { useMutation } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'
import type { Model } from '@/api/types'

export type TrackKind = Model<'TrackKind'>

/** What a host does, as the body that the API takes. */
export type Act =
  | { name: 'admit'; identities: string[] }
  | { name: 'admit-all' }
  | { name: 'refuse'; identity: string; reason: string }
  | { name: 'mute'; identity: string; kind: TrackKind }
  | { name: 'remove'; identity: string }
  | { name: 'co-host'; identity: string; given: boolean }
  | { name: 'door'; locked?: boolean; waiting?: boolean }
  | { name: 'end' }

function carryOut(room: string, act: Act): Promise<unknown> {
  const params = { path: { room_id: room } }
  switch (act.name) {
    case 'admit':
      return unwrap(api.POST('/api/rooms/{room_id}/admit', { params, body: { identities: act.identities, everybody: false } }))
    case 'admit-all':
      return unwrap(api.POST('/api/rooms/{room_id}/admit', { params, body: { identities: [], everybody: true } }))
    case 'refuse':
      return unwrap(api.POST('/api/rooms/{room_id}/refuse', { params, body: { identity: act.identity, reason: act.reason } }))
    case 'mute':
      return unwrap(api.POST('/api/rooms/{room_id}/mute', { params, body: { identity: act.identity, kind: act.kind } }))
    case 'remove':
      return unwrap(api.POST('/api/rooms/{room_id}/remove', { params, body: { identity: act.identity, reason: '' } }))
    case 'co-host':
      return unwrap(api.POST('/api/rooms/{room_id}/co-host', { params, body: { identity: act.identity, given: act.given } }))
    case 'door':
      return unwrap(
        api.POST('/api/rooms/{room_id}/door', {
          params,
          body: { locked: act.locked ?? null, waiting: act.waiting ?? null },
        }),
      )
    case 'end':
      return unwrap(api.POST('/api/rooms/{room_id}/end', { params }))
  }
}

/** Acts of hosts and co-hosts; what they change comes back over the room itself. */
export function useModeration(room: string) {
  return useMutation<unknown, Error, Act>({ mutationFn: (act) => carryOut(room, act) })
}

export type Moderation = ReturnType<typeof useModeration>
