import type { Participant, Room } from 'livekit-client'

/** Attributes, which only the server sets on participants; `waiting` holds since when. */
export const WAITING = 'waiting'

/** Connected, but at the door: neither heard nor hearing. */
export function isWaiting(person: Participant): boolean {
  return Boolean(person.attributes[WAITING])
}

export type Rank = 'host' | 'co_host' | 'member'

export function rankOf(person: Participant): Rank {
  if (person.attributes.host) return 'host'
  return person.attributes.cohost ? 'co_host' : 'member'
}

/** Whether `me` may act on somebody: hosts on all below, co-hosts on members. The server decides again. */
export function mayActOn(me: Rank, other: Rank): boolean {
  if (me === 'host') return other !== 'host'
  return me === 'co_host' && other === 'member'
}

/** The unit that a person comes from, as the server put it into the seat; empty when unknown. */
export function unitOf(person: Participant): string {
  return text(parse(person.metadata), 'organisation')
}

export interface Door {
  locked: boolean
  waiting: boolean
}

/** What the server says of the room's door. */
export function doorOf(metadata: string | undefined): Door {
  const value = parse(metadata)
  return { locked: value.locked === true, waiting: value.waiting === true }
}

function parse(json: string | undefined): Record<string, unknown> {
  try {
    const value = JSON.parse(json ?? '') as unknown
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function text(value: Record<string, unknown>, name: string): string {
  const found = value[name]
  return typeof found === 'string' ? found : ''
}

/** Identities of everybody inside but oneself, or undefined when nobody waits and all may be told. */
export function toldOf(room: Room): string[] | undefined {
  const others = [...room.remoteParticipants.values()]
  if (!others.some(isWaiting)) return undefined
  return others.filter((each) => !isWaiting(each)).map((each) => each.identity)
}
