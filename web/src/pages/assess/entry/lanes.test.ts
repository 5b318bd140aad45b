// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { lanesOf, mediaByPerson } from './lanes'

const media = (person_id: string, kind: string, seconds: number) => ({
  person_id,
  kind,
  name: `name of ${person_id}`,
  source: 'sfu',
  reports: 2,
  packets: 100,
  lost: 1,
  seconds,
  speech_seconds: kind === 'audio' ? 7 : 0,
  muted_seconds: kind === 'audio' ? 3 : 0,
  media: seconds > 0 ? [{ start: 0, end: seconds }] : [],
  speech: [],
  muted: [],
})

const all = [
  media('a', 'away', 20),
  media('a', 'audio', 60),
  media('a', 'received', 80),
  media('a', 'video', 50),
  media('b', 'received', 40),
]

describe('media by person', () => {
  it('keeps what was sent apart from what reached the person', () => {
    expect(mediaByPerson(all)).toEqual([
      {
        id: 'a',
        name: 'name of a',
        source: 'sfu',
        audio: 60,
        speech: 7,
        muted: 3,
        video: 50,
        received: 80,
        away: 20,
        packets: 400,
        lost: 4,
        reports: 2,
      },
      expect.objectContaining({ id: 'b', audio: null, video: null, received: 40, away: null, packets: 100 }),
    ])
  })

  it('is drawn voice first, and not at all where nothing arrived', () => {
    expect(lanesOf(all, 'a').map((lane) => lane.kind)).toEqual(['audio', 'video', 'received', 'away'])
    expect(lanesOf([media('c', 'audio', 0)], 'c')).toEqual([])
    expect(lanesOf(all, 'x')).toEqual([])
  })
})
