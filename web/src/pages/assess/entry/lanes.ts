import type { Interval } from './intervals'
import type { Lane } from './Timeline'

interface MediaOfPerson {
  person_id: string
  kind: string
  media?: readonly Interval[]
  speech?: readonly Interval[]
  muted?: readonly Interval[]
}

/** The lanes of one person's voice and picture, voice first; none when no media report names the person. */
export function lanesOf(media: readonly MediaOfPerson[], personId: string): Lane[] {
  const own = media.filter((each) => each.person_id === personId)
  return (['audio', 'video'] as const).flatMap((kind) =>
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
