import type { Interval } from './intervals'
import type { Lane } from './Timeline'

interface MediaOfPerson {
  person_id: string
  kind: string
  media?: readonly Interval[]
  speech?: readonly Interval[]
  muted?: readonly Interval[]
}

/** The lanes of one person: voice, picture, what reached the person, time away. None without a media report. */
export function lanesOf(media: readonly MediaOfPerson[], personId: string): Lane[] {
  const own = media.filter((each) => each.person_id === personId)
  return (['audio', 'video', 'received', 'away'] as const).flatMap((kind) =>
    own
      .filter((each) => each.kind === kind && (each.media?.length ?? 0) > 0)
      .map((each) => ({
        kind,
        media: each.media ?? [],
        speech: each.speech ?? [],
        muted: each.muted ?? [],
      })),
  )
}

interface MediaTotals {
  person_id: string
  name: string | null
  kind: string
  source: string
  reports: number
  packets: number
  lost: number
  seconds: number
  speech_seconds: number
  muted_seconds: number
}

/** Voice and picture of one person side by side; null where nothing of that kind was reported. Seconds. */
export interface PersonMedia {
  id: string
  name: string
  source: string
  audio: number | null
  speech: number | null
  muted: number | null
  video: number | null
  /** what reached the person: a listener sends nothing */
  received: number | null
  /** time in which the page was hidden */
  away: number | null
  packets: number
  lost: number
  reports: number
}

export function mediaByPerson(media: readonly MediaTotals[]): PersonMedia[] {
  const people = new Map<string, PersonMedia>()
  for (const each of media) {
    const person = people.get(each.person_id) ?? {
      id: each.person_id,
      name: each.name ?? each.person_id,
      source: each.source,
      audio: null,
      speech: null,
      muted: null,
      video: null,
      received: null,
      away: null,
      packets: 0,
      lost: 0,
      reports: 0,
    }
    if (each.kind === 'audio') {
      person.audio = each.seconds
      person.speech = each.speech_seconds
      person.muted = each.muted_seconds
    } else if (each.kind === 'video') {
      person.video = each.seconds
    } else if (each.kind === 'away') {
      person.away = each.seconds
    } else {
      person.received = each.seconds
    }
    person.packets += each.packets
    person.lost += each.lost
    person.reports = Math.max(person.reports, each.reports)
    people.set(each.person_id, person)
  }
  return [...people.values()]
}
