import { RoomEvent, Track, type LocalTrackPublication, type Room } from 'livekit-client'
import { useEffect, useState } from 'react'

export type Interruption = 'none' | 'interrupted' | 'resumed'

const AGAIN_MS = 3000
const NEWS_MS = 6000

/**
 * A telephone call, or another program, takes the microphone away: the operating system mutes or ends the track. The
 * call here goes on, and the microphone comes back by itself when it is free, unless the person had muted it.
 */
export class MicrophoneGuard {
  readonly #room: Room
  readonly #tell: (state: Interruption) => void
  #source: MediaStreamTrack | null = null
  #lost = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #stopped = false

  constructor(room: Room, tell: (state: Interruption) => void) {
    this.#room = room
    this.#tell = tell
  }

  start(): void {
    this.#follow()
    this.#room.on(RoomEvent.LocalTrackPublished, this.#published)
    this.#room.on(RoomEvent.TrackUnmuted, this.#follow)
    document.addEventListener('visibilitychange', this.#seen)
    window.addEventListener('focus', this.#seen)
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
    this.#listen(null)
    this.#room.off(RoomEvent.LocalTrackPublished, this.#published)
    this.#room.off(RoomEvent.TrackUnmuted, this.#follow)
    document.removeEventListener('visibilitychange', this.#seen)
    window.removeEventListener('focus', this.#seen)
  }

  readonly #published = (publication: LocalTrackPublication) => {
    if (publication.source === Track.Source.Microphone) this.#follow()
  }

  /** Listen to the track that is the microphone now; it is another one after every restart. */
  readonly #follow = () => {
    const track = this.#room.localParticipant.getTrackPublication(Track.Source.Microphone)?.track
    this.#listen(track?.mediaStreamTrack ?? null)
  }

  #listen(source: MediaStreamTrack | null): void {
    if (source === this.#source) return
    this.#source?.removeEventListener('mute', this.#taken)
    this.#source?.removeEventListener('ended', this.#taken)
    this.#source?.removeEventListener('unmute', this.#free)
    this.#source = source
    source?.addEventListener('mute', this.#taken)
    source?.addEventListener('ended', this.#taken)
    source?.addEventListener('unmute', this.#free)
  }

  readonly #taken = () => {
    const publication = this.#room.localParticipant.getTrackPublication(Track.Source.Microphone)
    // `isMuted` is the person's own choice here: the client mutes a lost track a moment later.
    if (this.#lost || this.#stopped || !publication?.track || publication.isMuted) return
    this.#lost = true
    this.#tell('interrupted')
    this.#again()
  }

  readonly #free = () => {
    if (this.#lost) this.#back()
  }

  readonly #seen = () => {
    if (this.#lost && document.visibilityState === 'visible') void this.#try()
  }

  #again(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#try(), AGAIN_MS)
  }

  /** Ask for the microphone again; as long as it is taken, later once more. */
  async #try(): Promise<void> {
    clearTimeout(this.#timer)
    const me = this.#room.localParticipant
    try {
      if (this.#source?.readyState === 'ended') {
        const track = me.getTrackPublication(Track.Source.Microphone)?.audioTrack
        if (track?.isMuted) await me.setMicrophoneEnabled(true)
        else if (track && 'restartTrack' in track) await (track as { restartTrack: () => Promise<void> }).restartTrack()
        this.#follow()
      }
    } catch {
      // Still taken.
    }
    if (this.#stopped || !this.#lost) return
    if (this.#source?.readyState === 'live' && !this.#source.muted) this.#back()
    else this.#again()
  }

  #back(): void {
    clearTimeout(this.#timer)
    this.#lost = false
    this.#tell('resumed')
    // Sound from the others may have been stopped as well.
    void this.#room.startAudio().catch(() => undefined)
  }
}

/** Whether the microphone was taken by a telephone call, or has just come back. */
export function useInterruption(room: Room): Interruption {
  const [state, setState] = useState<Interruption>('none')
  useEffect(() => {
    const guard = new MicrophoneGuard(room, setState)
    guard.start()
    return () => guard.stop()
  }, [room])
  useEffect(() => {
    if (state !== 'resumed') return
    const timer = setTimeout(() => setState('none'), NEWS_MS)
    return () => clearTimeout(timer)
  }, [state])
  return state
}
