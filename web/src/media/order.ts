import type { TrackReferenceOrPlaceholder } from '@livekit/components-react'
import { Track, type Participant } from 'livekit-client'

/** The order in which tiles take the large place: a screen, then who speaks, then others, oneself last. */
export function rank(track: TrackReferenceOrPlaceholder): number {
  if (track.source === Track.Source.ScreenShare) return 0
  if (track.participant.isLocal) return 3
  return track.participant.isSpeaking ? 1 : 2
}

/** Raised hands first, in the order in which they went up; then by name. */
export function inOrder(people: readonly Participant[]): Participant[] {
  const hand = (person: Participant) => Number(person.attributes.hand ?? '') || Number.POSITIVE_INFINITY
  const name = (person: Participant) => person.name ?? person.identity
  return [...people].sort((a, b) => {
    const [first, second] = [hand(a), hand(b)]
    return first === second ? name(a).localeCompare(name(b), 'zh') : first - second
  })
}
