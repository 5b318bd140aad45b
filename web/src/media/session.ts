import { RoomEvent, Track, type LocalTrack, type Participant, type Room } from 'livekit-client'
import { ApiError } from '@/api/problem'
import { carried, createRoom, join, leaveReason, send, type OnDevice } from './connection'
import { deviceTrouble } from './device'
import { forgetJoined, joinedBefore, rememberJoined } from './marker'
import { rejoinWait, waitOrHurry, within } from './retry'
import type { Choices, LeaveReason, Microphone, Seat } from './types'

/** Where the page stands. `away`: since when (epoch ms) it tries to come back by itself. */
export type Phase =
  | { name: 'check' }
  | { name: 'joining'; choices: Choices }
  | { name: 'in'; room: Room; choices: Choices; waiting: boolean; away: number | null }
  | { name: 'failed'; error: unknown; choices: Choices }
  | { name: 'refused'; reason: string; choices: Choices }

export interface SessionCalls {
  connect: (again: boolean) => Promise<Seat>
  onLeave: (reason: LeaveReason) => void
  onDevice: OnDevice
}

/** How a room is entered. */
interface Way {
  /** asked once more after a refusal */
  again?: boolean
  /** the person was in before: it is tried until it works */
  back: boolean
  /** what was sent before the line was lost, and is sent on */
  carried?: readonly LocalTrack[]
}

/** One attempt's limit while coming back; a first join may take as long as the line needs. */
const ATTEMPT_MS = 15_000

function refusal(error: unknown): string | null {
  if (!(error instanceof ApiError) || error.code !== 'admission_refused') return null
  const { reason } = error.problem as { reason?: unknown }
  return typeof reason === 'string' ? reason : ''
}

/** Whether asking again may help: no answer, a server that restarts, a media server that did not take us. */
function passing(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status === 0 || error.status >= 500 || error.status === 429
}

function waits(room: Room): boolean {
  return room.localParticipant.permissions?.canSubscribe === false
}

/**
 * One person's way through a room: check, join, perhaps wait at the door, the call, and back in by itself whenever the
 * line or the media server was gone. The media server speaks LiveKit's protocol; this is its stock client.
 */
export class RoomSession {
  phase: Phase
  /** kept here, since a call that takes the microphone often takes the line as well, and with it the room */
  readonly microphone: Microphone = { lost: false }
  readonly #name: string
  #calls: SessionCalls
  readonly #watchers = new Set<() => void>()
  #stop = new AbortController()
  #leaving = false

  constructor(name: string, calls: SessionCalls) {
    this.#name = name
    this.#calls = calls
    const before = joinedBefore(name)
    this.phase = before ? { name: 'joining', choices: before } : { name: 'check' }
  }

  /** The calls of the page as it is drawn now. */
  use(calls: SessionCalls): void {
    this.#calls = calls
  }

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  readonly current = (): Phase => this.phase

  #set(phase: Phase): void {
    this.phase = phase
    for (const watcher of this.#watchers) watcher()
  }

  /** Goes on where the page was; a reload goes straight back in. */
  start(): void {
    this.#stop = new AbortController()
    this.#leaving = false
    if (this.phase.name !== 'joining') return
    void this.#come(this.phase.choices, { back: joinedBefore(this.#name) !== null })
  }

  /** The page goes away; a reload may come back. */
  stop(): void {
    this.#stop.abort()
    const { phase } = this
    if (phase.name !== 'in') return
    void phase.room.disconnect()
    this.phase = { name: 'joining', choices: phase.choices }
  }

  enter(choices: Choices, again = false): void {
    this.#set({ name: 'joining', choices })
    void this.#come(choices, { again, back: false })
  }

  /** The person pressed "leave", or gave up joining. */
  leave(): void {
    this.#leaving = true
    this.#stop.abort()
    if (this.phase.name === 'in') void this.phase.room.disconnect()
    forgetJoined(this.#name)
    this.#calls.onLeave('left')
  }

  /** Joins. Whoever was in before is brought back as often as it takes. Whether it ended in the room. */
  async #come(choices: Choices, way: Way): Promise<boolean> {
    const { signal } = this.#stop
    const gone = () => signal.aborted
    for (let attempt = 0; ; attempt += 1) {
      if (way.back) await waitOrHurry(rejoinWait(attempt, Math.random()), signal)
      const outcome = gone() ? null : await this.#attempt(choices, way, gone)
      if (outcome === 'done') return true
      if (!outcome || gone()) return false
      if (way.back && passing(outcome.error)) continue
      this.#failed(outcome.error, choices)
      return false
    }
  }

  #failed(error: unknown, choices: Choices): void {
    const reason = refusal(error)
    if (reason === null) {
      this.#set({ name: 'failed', error, choices })
      return
    }
    forgetJoined(this.#name)
    this.#set({ name: 'refused', reason, choices })
  }

  #entered(room: Room, choices: Choices): void {
    rememberJoined(this.#name, choices)
    this.#watch(room)
    this.#set({ name: 'in', room, choices, waiting: waits(room), away: null })
  }

  #watch(room: Room): void {
    room
      .on(RoomEvent.Disconnected, (code) => this.#disconnected(room, leaveReason(code)))
      // The client would join afresh by itself, with the old token and two seconds of waiting; this is quicker.
      .on(RoomEvent.Reconnecting, () => void this.#rejoin(room))
      .on(RoomEvent.ParticipantPermissionsChanged, (_, person) => this.#permitted(room, person))
      .on(RoomEvent.TrackMuted, () => this.#remember(room))
      .on(RoomEvent.TrackUnmuted, () => this.#remember(room))
  }

  /** A reload comes back as one was: a microphone that was muted stays so, one that was taken away does not. */
  #remember(room: Room): void {
    const { phase } = this
    if (phase.name !== 'in' || phase.room !== room || phase.away !== null) return
    const { localParticipant } = room
    const { isMicrophoneEnabled, isCameraEnabled, permissions } = localParticipant
    if (!permissions?.canPublish) return
    const track = localParticipant.getTrackPublication(Track.Source.Microphone)?.track
    // A telephone call ends the source, and the client mutes what has ended: nobody chose that.
    const taken = track ? track.mediaStreamTrack.readyState === 'ended' : this.microphone.lost
    const microphone = taken ? phase.choices.microphone : isMicrophoneEnabled
    phase.choices = { ...phase.choices, microphone, camera: isCameraEnabled }
    rememberJoined(this.#name, phase.choices)
  }

  /** A device that fails leaves the call without it; a microphone that is held elsewhere is waited for in the call. */
  readonly #onDevice: OnDevice = (error, source) => {
    const { microphone } = this
    if (source !== Track.Source.Microphone) this.#calls.onDevice(error, source)
    else if (deviceTrouble(error) === 'busy') microphone.lost = true
    else if (!microphone.lost) this.#calls.onDevice(error, source)
  }

  #permitted(room: Room, person: Participant): void {
    const { phase } = this
    if (!person.isLocal || phase.name !== 'in' || phase.room !== room || phase.waiting === waits(room)) return
    this.#set({ ...phase, waiting: waits(room) })
    if (phase.waiting && person.permissions?.canPublish) {
      void send(room, phase.choices, [], this.#onDevice)
    }
  }

  #disconnected(room: Room, reason: LeaveReason | null): void {
    const { phase } = this
    if (this.#leaving || phase.name !== 'in' || phase.room !== room || phase.away !== null) return
    // The client also leaves by itself when the page goes away; then the marker must stay for the way back.
    if (reason === 'left') return
    if (reason === null) void this.#rejoin(room)
    // Sent from the door: the server says why, if the host did.
    else if (reason === 'refused' && phase.waiting) this.enter(phase.choices)
    else {
      forgetJoined(this.#name)
      this.#calls.onLeave(reason)
    }
  }

  async #rejoin(old: Room): Promise<void> {
    const { phase } = this
    if (phase.name !== 'in' || phase.room !== old || phase.away !== null || this.#stop.signal.aborted) return
    const { choices } = phase
    this.#set({ ...phase, away: Date.now() })
    const tracks = carried(old)
    void old.disconnect(false)
    if (await this.#come(choices, { back: true, carried: tracks })) return
    for (const track of tracks) track.stop()
  }

  async #attempt(choices: Choices, way: Way, gone: () => boolean): Promise<'done' | { error: unknown }> {
    const room = createRoom(choices)
    const { again = false, back, carried: before } = way
    try {
      const asked = this.#calls.connect(again)
      const seat = await (back ? within(asked, ATTEMPT_MS) : asked)
      if (gone()) throw new Error('left')
      const joined = join(room, seat, choices, before ?? [], this.#onDevice)
      // Where nothing is carried along, the browser may ask the person for the devices: that takes its time.
      await (before ? within(joined, ATTEMPT_MS) : joined)
      if (gone()) throw new Error('left')
      this.#entered(room, choices)
      return 'done'
    } catch (error) {
      void room.disconnect(!before)
      return { error }
    }
  }
}
