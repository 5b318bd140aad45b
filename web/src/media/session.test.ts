import { DisconnectReason, RoomEvent, Track, type Room } from 'livekit-client'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError } from '@/api/problem'
import type { OnDevice } from './connection'
import { joinedBefore, rememberJoined } from './marker'
import { RoomSession, type Phase } from './session'
import type { Choices, Seat } from './types'

const media = vi.hoisted(() => ({
  rooms: [] as unknown[],
  joined: [] as unknown[],
  sent: 0,
  failures: 0,
  refuses: null as Error | null,
}))

class FakeRoom {
  readonly handlers = new Map<string, ((...given: unknown[]) => void)[]>()
  readonly localParticipant = {
    isLocal: true,
    isMicrophoneEnabled: true,
    isCameraEnabled: false,
    permissions: { canSubscribe: true, canPublish: true },
    trackPublications: new Map(),
    getTrackPublication: () => ({ track: { mediaStreamTrack: this.source } }),
  }
  readonly source = { readyState: 'live' }
  left = false
  on(name: string, handler: (...given: unknown[]) => void): this {
    this.handlers.set(name, [...(this.handlers.get(name) ?? []), handler])
    return this
  }
  emit(name: string, ...given: unknown[]): void {
    for (const handler of this.handlers.get(name) ?? []) handler(...given)
  }
  disconnect(): Promise<void> {
    this.left = true
    return Promise.resolve()
  }
}

vi.mock('./connection', async (original) => ({
  ...(await original<object>()),
  createRoom: () => {
    const room = new FakeRoom()
    media.rooms.push(room)
    return room as unknown as Room
  },
  carried: () => [],
  join: (room: unknown, seat: Seat, wanted: Choices, _: unknown, onDevice: OnDevice) => {
    media.joined.push(wanted)
    if (media.refuses) onDevice(media.refuses, Track.Source.Microphone)
    if (media.failures > 0) {
      media.failures -= 1
      return Promise.reject(new Error('no media server'))
    }
    const { permissions } = (room as FakeRoom).localParticipant
    permissions.canSubscribe = permissions.canPublish = !seat.waiting
    return Promise.resolve()
  },
  send: () => {
    media.sent += 1
    return Promise.resolve()
  },
}))

const choices: Choices = { camera: false, microphone: true, cameraId: '', microphoneId: '' }
const seat = (waiting = false): Seat => ({ url: '', token: 't', room: 'con_1', waiting, rank: 'member' })
const rooms = media.rooms as FakeRoom[]

interface Asked {
  again: boolean[]
  left: string[]
  refused: unknown[]
}

function began(answer: (again: boolean) => Promise<Seat>): { session: RoomSession; asked: Asked } {
  const asked: Asked = { again: [], left: [], refused: [] }
  const session = new RoomSession('consult:1', {
    connect: (again) => {
      asked.again.push(again)
      return answer(again)
    },
    onLeave: (reason) => asked.left.push(reason),
    onDevice: (error) => asked.refused.push(error),
  })
  session.start()
  return { session, asked }
}

async function until<Name extends Phase['name']>(session: RoomSession, name: Name): Promise<Extract<Phase, { name: Name }>> {
  return vi.waitFor(() => {
    const { phase } = session
    if (phase.name !== name || ('away' in phase && phase.away !== null)) throw new Error(phase.name)
    return phase as Extract<Phase, { name: Name }>
  })
}

function last(): FakeRoom {
  const found = rooms.at(-1)
  if (!found) throw new Error('no room')
  return found
}

beforeEach(() => {
  sessionStorage.clear()
  rooms.length = media.joined.length = 0
  media.sent = media.failures = 0
  media.refuses = null
})

describe('a session', () => {
  it('waits at the door, and sends only once it is let in', async () => {
    const { session } = began(() => Promise.resolve(seat(true)))
    session.enter(choices)
    expect((await until(session, 'in')).waiting).toBe(true)
    const room = last()
    expect(media.sent).toBe(0)
    room.localParticipant.permissions = { canSubscribe: true, canPublish: true }
    room.emit(RoomEvent.ParticipantPermissionsChanged, undefined, room.localParticipant)
    expect((await until(session, 'in')).waiting).toBe(false)
    expect(media.sent).toBe(1)
  })

  it('shows why it was turned away, and asks again only when told to', async () => {
    const refusal = new ApiError(403, { code: 'admission_refused', reason: '请先联系' } as object, '')
    let waiting = true
    const { session, asked } = began((again) =>
      waiting || again ? Promise.resolve(seat(true)) : Promise.reject(refusal),
    )
    session.enter(choices)
    await until(session, 'in')
    waiting = false
    last().emit(RoomEvent.Disconnected, DisconnectReason.PARTICIPANT_REMOVED)
    expect((await until(session, 'refused')).reason).toBe('请先联系')
    expect(joinedBefore('consult:1')).toBeNull()
    expect(asked.again).toEqual([false, false])
    session.enter(choices, true)
    expect((await until(session, 'in')).waiting).toBe(true)
    expect(asked.again.at(-1)).toBe(true)
  })

  it('comes back with a fresh seat when the media server is gone, as often as it takes', async () => {
    const { session, asked } = began(() => Promise.resolve(seat()))
    session.enter(choices)
    await until(session, 'in')
    const first = last()
    media.failures = 2
    first.emit(RoomEvent.Reconnecting)
    expect(session.phase).toMatchObject({ name: 'in' })
    expect('away' in session.phase && session.phase.away).not.toBeNull()
    const phase = await until(session, 'in')
    expect(phase.room).not.toBe(first)
    expect(first.left).toBe(true)
    expect(asked.again).toHaveLength(4)
    expect(asked.left).toEqual([])
  })

  it('leaves for good when sent out of the call', async () => {
    const { session, asked } = began(() => Promise.resolve(seat()))
    session.enter(choices)
    await until(session, 'in')
    last().emit(RoomEvent.Disconnected, DisconnectReason.PARTICIPANT_REMOVED)
    expect(asked.left).toEqual(['refused'])
    expect(joinedBefore('consult:1')).toBeNull()
  })

  it('reloads with the microphone as it was', async () => {
    rememberJoined('consult:1', choices)
    const { session } = began(() => Promise.resolve(seat()))
    await until(session, 'in')
    last().localParticipant.isMicrophoneEnabled = false
    last().emit(RoomEvent.TrackMuted)
    expect(joinedBefore('consult:1')?.microphone).toBe(false)
    session.stop()
    expect(last().left).toBe(true)
    expect(joinedBefore('consult:1')).not.toBeNull()
  })

  it('comes back by itself after a reload while the server restarts; a first join says what is wrong', async () => {
    const down = new ApiError(503, {}, '')
    const answers = [down, down]
    const answer = () => {
      const error = answers.pop()
      return error ? Promise.reject(error) : Promise.resolve(seat())
    }
    const first = began(answer)
    first.session.enter(choices)
    expect((await until(first.session, 'failed')).error).toBe(down)
    rememberJoined('consult:1', choices)
    const { session, asked } = began(answer)
    await until(session, 'in')
    expect(asked.again).toEqual([false, false])
  })

  it('asks no more once joining was given up', async () => {
    vi.useFakeTimers()
    rememberJoined('consult:1', choices)
    const { session, asked } = began(() => Promise.reject(new ApiError(503, {}, '')))
    await vi.waitFor(() => expect(asked.again).toHaveLength(1))
    session.leave()
    await vi.advanceTimersByTimeAsync(60_000)
    vi.useRealTimers()
    expect(asked).toMatchObject({ again: [false], left: ['left'] })
    expect(joinedBefore('consult:1')).toBeNull()
  })

  it('comes back with the microphone on that a telephone call took together with the line', async () => {
    const { session } = began(() => Promise.resolve(seat()))
    session.enter(choices)
    await until(session, 'in')
    const first = last()
    first.source.readyState = 'ended'
    first.localParticipant.isMicrophoneEnabled = false
    first.emit(RoomEvent.TrackMuted)
    expect(joinedBefore('consult:1')?.microphone).toBe(true)
    session.microphone.lost = true
    first.emit(RoomEvent.Reconnecting)
    await until(session, 'in')
    expect(media.joined).toEqual([choices, choices])
    expect(session.microphone.lost).toBe(true)
  })

  it('waits for a microphone that is held elsewhere, and names other refusals', async () => {
    const { session, asked } = began(() => Promise.resolve(seat()))
    media.refuses = new DOMException('', 'NotReadableError')
    session.enter(choices)
    await until(session, 'in')
    expect(session.microphone.lost).toBe(true)
    expect(asked.refused).toEqual([])

    sessionStorage.clear()
    const other = began(() => Promise.resolve(seat()))
    media.refuses = new DOMException('', 'NotAllowedError')
    other.session.enter(choices)
    await until(other.session, 'in')
    expect(other.session.microphone.lost).toBe(false)
    expect(other.asked.refused).toEqual([media.refuses])
  })
})
