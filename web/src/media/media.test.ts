import { DisconnectReason, Track, type Participant } from 'livekit-client'
import { beforeEach, describe, expect, it } from 'vitest'
import { leaveReason } from './connection'
import { deviceId, forgetJoined, joinedBefore, parseChoices, rememberJoined } from './marker'
import { inOrder, rank } from './order'
import { parseChat } from './useChat'
import { BAD_SECONDS, GOOD_SECONDS, turnsAfter } from './useVoiceFirst'

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

beforeEach(() => sessionStorage.clear())

describe('reload marker', () => {
  const choices = { camera: true, microphone: true, cameraId: 'c', microphoneId: '' }

  it('brings a reload back with the same devices, into this room only', () => {
    rememberJoined('consult:1', choices)
    expect(joinedBefore('consult:1')).toEqual(choices)
    expect(joinedBefore('consult:2')).toBeNull()
    forgetJoined('consult:1')
    expect(joinedBefore('consult:1')).toBeNull()
  })

  it('takes nothing from damaged storage', () => {
    for (const text of ['', 'null', '{', '[1']) expect(parseChoices(text)).toBeNull()
    expect(parseChoices('{"camera":"yes","cameraId":3}')).toEqual({
      camera: false,
      microphone: false,
      cameraId: '',
      microphoneId: '',
    })
  })

  it('names this tab the same way after a reload', () => {
    expect(deviceId()).toBe(deviceId())
    expect(deviceId()).toMatch(/^[A-Za-z0-9_-]{8,64}$/)
  })
})

describe('chat', () => {
  it('reads its own packets and nothing else', () => {
    expect(parseChat(bytes({ id: 'a', text: '你好' }))).toEqual({ id: 'a', text: '你好' })
    for (const bad of [null, [], {}, { id: 'a', text: ' ' }, { id: 1, text: 'x' }, 'x'])
      expect(parseChat(bytes(bad))).toBeNull()
    expect(parseChat(Uint8Array.from([0xff, 0xfe]))).toBeNull()
  })

  it('shortens what is too long', () => {
    expect(parseChat(bytes({ id: 'a', text: 'x'.repeat(5000) }))?.text).toHaveLength(1000)
  })
})

describe('voice first', () => {
  it('turns on after a bad line has lasted, and off after a good one has', () => {
    expect(turnsAfter('auto', 'poor', false)).toBe(BAD_SECONDS * 1000)
    expect(turnsAfter('auto', 'lost', false)).toBe(BAD_SECONDS * 1000)
    expect(turnsAfter('auto', 'good', true)).toBe(GOOD_SECONDS * 1000)
    expect(turnsAfter('auto', 'poor', true)).toBeNull()
    expect(turnsAfter('auto', 'good', false)).toBeNull()
    expect(turnsAfter('auto', 'unknown', true)).toBeNull()
  })

  it('obeys the person at once', () => {
    expect(turnsAfter('on', 'good', false)).toBe(0)
    expect(turnsAfter('on', 'good', true)).toBeNull()
    expect(turnsAfter('off', 'poor', true)).toBe(0)
  })
})

it('comes back by itself only when nobody ended the call', () => {
  expect(leaveReason(DisconnectReason.CLIENT_INITIATED)).toBe('left')
  expect(leaveReason(DisconnectReason.ROOM_DELETED)).toBe('ended')
  expect(leaveReason(DisconnectReason.DUPLICATE_IDENTITY)).toBe('elsewhere')
  expect(leaveReason(DisconnectReason.PARTICIPANT_REMOVED)).toBe('refused')
  expect(leaveReason(DisconnectReason.SERVER_SHUTDOWN)).toBeNull()
  expect(leaveReason(undefined)).toBeNull()
})

it('puts raised hands first, in the order in which they went up', () => {
  const person = (name: string, hand?: number) =>
    ({ identity: name, name, attributes: hand ? { hand: String(hand) } : {} }) as unknown as Participant
  const people = [person('b'), person('c', 200), person('a'), person('d', 100)]
  expect(inOrder(people).map((each) => each.name)).toEqual(['d', 'c', 'a', 'b'])
})

it('gives the large place to a screen, then to who speaks, then to others, and to oneself last', () => {
  const track = (source: Track.Source, isLocal: boolean, isSpeaking: boolean) =>
    ({ source, participant: { isLocal, isSpeaking } }) as unknown as Parameters<typeof rank>[0]
  const { Camera, ScreenShare } = Track.Source
  const tracks = [track(Camera, true, true), track(Camera, false, false), track(Camera, false, true), track(ScreenShare, true, false)]
  expect(tracks.map(rank)).toEqual([3, 2, 1, 0])
})
