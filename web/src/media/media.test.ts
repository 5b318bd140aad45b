import { DisconnectReason, Track, type Participant, type Room } from 'livekit-client'
import { beforeEach, describe, expect, it } from 'vitest'
import { join, leaveReason } from './connection'
import { deviceId, forgetJoined, joinedBefore, parseChoices, rememberJoined } from './marker'
import { inOrder, rank } from './order'
import { parseChat } from './useChat'
import { advance, NEWS_FOR, outageOf, OVER_AFTER, QUIET, SAY_AFTER, type Facts, type LineState } from './line'
import { BAD_SECONDS, costs, GOOD_SECONDS, MODES, planOf, rememberedMode, rememberMode, rememberUse, turnsAfter, TYPICAL } from './lowData'
import { ClosePolicy, GIVE_UP_MS, rejoinWait } from './retry'
import { flowOf, perMinute, streamOf } from './traffic'
import { smallest } from './useLowData'
import { parseNotice } from './useNotices'
import { doorOf, isWaiting, mayActOn, rankOf, toldOf, unitOf } from './who'

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

describe('low data', () => {
  it('shrinks after a bad line has lasted, and grows after a good one has', () => {
    expect(turnsAfter('poor', false)).toBe(BAD_SECONDS * 1000)
    expect(turnsAfter('lost', false)).toBe(BAD_SECONDS * 1000)
    expect(turnsAfter('good', true)).toBe(GOOD_SECONDS * 1000)
    expect(turnsAfter('poor', true)).toBeNull()
    expect(turnsAfter('good', false)).toBeNull()
    expect(turnsAfter('unknown', true)).toBeNull()
  })

  it('means what its words say, on any line', () => {
    for (const thin of [false, true]) {
      expect(planOf('voice_only', thin)).toEqual({ receive: 'none', send: 'none' })
      expect(planOf('voice_first', thin)).toEqual({ receive: 'low', send: 'low' })
      expect(planOf('send_only', thin).receive).toBe('none')
      expect(planOf('send_only', thin).send).not.toBe('none')
    }
    expect(planOf('auto', false)).toEqual({ receive: 'all', send: 'all' })
    expect(planOf('auto', true)).toEqual({ receive: 'low', send: 'low' })
  })

  it('is remembered on this device, and damaged storage is not', () => {
    localStorage.clear()
    expect(rememberedMode()).toBe('auto')
    for (const mode of MODES) {
      rememberMode(mode)
      expect(rememberedMode()).toBe(mode)
    }
    localStorage.setItem('duikou.room.mode', 'everything')
    expect(rememberedMode()).toBe('auto')
  })

  it('shows what was measured, else what is typical', () => {
    localStorage.clear()
    const uses = rememberUse('voice_only', 512.4)
    expect(costs(uses).map(({ mode, kilobytes, measured }) => [mode, kilobytes, measured])).toEqual(
      MODES.map((mode) => [mode, mode === 'voice_only' ? 512 : TYPICAL[mode], mode === 'voice_only']),
    )
  })

  it('leaves only the smallest layer, and scales down a picture that has but one', () => {
    const [q, h] = smallest([{ rid: 'q', maxBitrate: 160_000 }, { rid: 'h', maxBitrate: 450_000 }], 1280)
    expect([q?.active, h?.active]).toEqual([true, false])
    expect(q?.maxBitrate).toBeLessThan(100_000)
    expect(smallest([{ maxBitrate: 1_700_000 }], 1280)[0]?.scaleResolutionDownBy).toBe(4)
  })

  it('counts what flowed, and nothing twice', () => {
    const audio = { id: 'a', type: 'inbound-rtp', kind: 'audio', bytesReceived: 1000, packetsReceived: 10 }
    const video = { id: 'v', type: 'outbound-rtp', kind: 'video', bytesSent: 5000, qualityLimitationReason: 'bandwidth' }
    const streams = (...reports: Parameters<typeof streamOf>[0][]) =>
      new Map(reports.flatMap((each) => {
        const stream = streamOf(each)
        return stream ? [[each.id, stream] as const] : []
      }))
    const before = streams(audio, { id: 't', type: 'transport' })
    const after = streams({ ...audio, bytesReceived: 2000, packetsReceived: 20 }, video)
    expect(flowOf(before, after)).toEqual({ audioIn: 1440, audioOut: 0, videoIn: 0, videoOut: 0, limited: true })
    expect(flowOf(after, before).audioIn).toBe(0)
    expect(perMinute(1000, 2)).toBe(30)
  })
})

describe('sentences about the line', () => {
  const fine: Facts = { paused: false, uplink: false, poor: false, other: false }
  const run = (steps: [number, Facts][]): (string | null)[] => {
    let state: LineState = QUIET
    return steps.map(([at, facts]) => {
      state = advance(state, facts, at)
      return state.shown
    })
  }

  it('says that pictures yielded, and that they are back, each after it has lasted', () => {
    const paused = { ...fine, paused: true }
    const said = SAY_AFTER.paused
    const over = said + 10 + OVER_AFTER
    expect(
      run([
        [0, paused],
        [said - 1, paused],
        [said, paused],
        [said + 10, fine],
        [over - 1, fine],
        [over, fine],
        [over + NEWS_FOR, fine],
      ]),
    ).toEqual([null, null, 'paused', 'paused', 'paused', 'restored', null])
  })

  it('does not flicker with a line that comes and goes', () => {
    const paused = { ...fine, paused: true }
    const steps = Array.from({ length: 40 }, (_, index): [number, Facts] => [index * 1000, index % 2 ? fine : paused])
    expect(new Set(run(steps))).toEqual(new Set([null]))
  })

  it('says the worst first, and praises nobody else’s line', () => {
    const both = { ...fine, other: true, poor: true }
    const other = { ...fine, other: true }
    const end = SAY_AFTER.other + OVER_AFTER
    expect(run([[0, both], [SAY_AFTER.other, both]])).toEqual([null, 'poor'])
    expect(run([[0, other], [SAY_AFTER.other, other], [SAY_AFTER.other, fine], [end, fine]])).toEqual([
      null,
      'other',
      'other',
      null,
    ])
  })

  it('offers the telephone when it takes long', () => {
    expect([0, 10, 30].map(outageOf)).toEqual(['short', 'long', 'phone'])
  })
})

describe('coming back', () => {
  it('tries closely at first and leaves the rest to joining afresh', () => {
    const policy = new ClosePolicy(() => 1)
    let elapsed = 0
    let tries = 0
    for (;;) {
      const wait = policy.nextRetryDelayInMs({ retryCount: tries, elapsedMs: elapsed })
      if (wait === null) break
      expect(wait).toBeLessThanOrEqual(1500)
      elapsed += wait
      tries += 1
    }
    expect(elapsed).toBeGreaterThan(GIVE_UP_MS)
    expect(tries).toBeGreaterThan(10)
    expect(rejoinWait(0, 1)).toBe(0)
    expect(rejoinWait(1000, 1)).toBeLessThan(7000)
  })
})

describe('who is who', () => {
  const person = (attributes: Record<string, string>, metadata = '', identity = 'a') =>
    ({ attributes, metadata, identity }) as unknown as Participant

  it('reads what the server says, and nothing from damaged words', () => {
    expect(isWaiting(person({ waiting: '2026-11-25T01:00:00Z' }))).toBe(true)
    expect(isWaiting(person({}))).toBe(false)
    expect([{ host: '1' }, { cohost: '1' }, {}].map((each) => rankOf(person(each as Record<string, string>)))).toEqual([
      'host',
      'co_host',
      'member',
    ])
    expect(unitOf(person({}, '{"organisation":"青石镇卫生院"}'))).toBe('青石镇卫生院')
    for (const bad of ['', '[', 'null', '[1]', '{"organisation":3}']) expect(unitOf(person({}, bad))).toBe('')
    expect(doorOf('{"locked":true}')).toEqual({ locked: true, waiting: false })
  })

  it('offers acts downwards only', () => {
    expect(mayActOn('host', 'co_host')).toBe(true)
    expect(mayActOn('co_host', 'member')).toBe(true)
    for (const other of ['host', 'co_host'] as const) expect(mayActOn('co_host', other)).toBe(false)
    expect(mayActOn('member', 'member')).toBe(false)
  })

  it('tells nothing to who waits at the door', () => {
    const room = (...people: Participant[]) =>
      ({ remoteParticipants: new Map(people.map((each) => [each.identity, each])) }) as unknown as Parameters<typeof toldOf>[0]
    expect(toldOf(room(person({}, '', 'b')))).toBeUndefined()
    expect(toldOf(room(person({}, '', 'b'), person({ waiting: '1' }, '', 'c')))).toEqual(['b'])
  })

  it('takes notices only in their own form', () => {
    expect(parseNotice(bytes({ notice: 'muted', by: '王' }))).toEqual({ notice: 'muted', by: '王' })
    for (const bad of [null, {}, { notice: 'unmuted' }, 'muted']) expect(parseNotice(bytes(bad))).toBeNull()
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

describe('joining', () => {
  const choices = { camera: true, microphone: true, cameraId: '', microphoneId: '' }
  const seat = { url: 'ws://x', token: 't', room: 'con_1', waiting: false, rank: 'member' as const }

  /** A room that notes what is done in which order; `door` is open from the first answer, later, or never. */
  function line(door: 'open' | 'opens' | 'shut', fails = false) {
    const steps: string[] = []
    const localParticipant = {
      permissions: { canPublish: door === 'open' },
      setMicrophoneEnabled: () => {
        steps.push('microphone')
        return fails ? Promise.reject(new Error('publishing rejected')) : Promise.resolve()
      },
      setCameraEnabled: () => {
        steps.push('camera')
        return Promise.resolve()
      },
    }
    let answered: () => void = () => undefined
    const room = {
      localParticipant,
      once: (_: string, call: () => void) => {
        answered = call
      },
      connect: async () => {
        await Promise.resolve()
        answered()
        await Promise.resolve()
        if (door === 'opens') localParticipant.permissions.canPublish = true
        steps.push('connected')
        if (fails) throw new Error('no way through')
      },
    }
    return { room: room as unknown as Room, steps }
  }

  it('opens the microphone while media still connects, and the camera after it', async () => {
    const { room, steps } = line('open')
    await join(room, seat, choices, [], () => undefined)
    expect(steps[0]).toBe('microphone')
    expect(steps.toSorted()).toEqual(['camera', 'connected', 'microphone'])
  })

  it('sends nothing from the door, but at once when it opens meanwhile', async () => {
    const shut = line('shut')
    await join(shut.room, seat, choices, [], () => undefined)
    expect(shut.steps).toEqual(['connected'])
    const opens = line('opens')
    await join(opens.room, seat, choices, [], () => undefined)
    expect(opens.steps).toEqual(['connected', 'microphone', 'camera'])
  })

  it('blames no device for a connection that failed', async () => {
    const { room } = line('open', true)
    const blamed: unknown[] = []
    await expect(join(room, seat, choices, [], (error) => blamed.push(error))).rejects.toThrow('no way through')
    await Promise.resolve()
    expect(blamed).toHaveLength(0)
  })
})
