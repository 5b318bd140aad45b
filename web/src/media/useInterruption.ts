import { ConnectionState, RoomEvent, Track, type LocalTrackPublication, type Room, type TrackPublication } from 'livekit-client'
import { useEffect, useState } from 'react'
import { deviceTrouble } from './device'
import type { Microphone } from './types'

export type Interruption = 'none' | 'interrupted' | 'resumed'

const AGAIN_MS = 3000
const NEWS_MS = 6000

/**
 * A telephone call, or another program, takes the microphone away: the operating system mutes or ends the track. The
 * call here goes on, and the microphone comes back by itself when it is free, unless the person had muted it. What one
 * room's guard could not get back the next room's goes on asking for.
 */
export class MicrophoneGuard {
  readonly #room: Room
  readonly #microphone: Microphone
  readonly #tell: (state: Interruption) => void
  #source: MediaStreamTrack | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #stopped = false

  constructor(room: Room, microphone: Microphone, tell: (state: Interruption) => void) {
    this.#room = room
    this.#microphone = microphone
    this.#tell = tell
  }

  start(): void {
    this.#follow()
    this.#room.on(RoomEvent.LocalTrackPublished, this.#published)
    this.#room.on(RoomEvent.TrackUnmuted, this.#follow)
    this.#room.on(RoomEvent.TrackMuted, this.#muted)
    this.#room.on(RoomEvent.MediaDevicesError, this.#refused)
    document.addEventListener('visibilitychange', this.#seen)
    window.addEventListener('focus', this.#seen)
    if (!this.#microphone.lost) return
    this.#tell('interrupted')
    void this.#try()
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
    this.#listen(null)
    this.#room.off(RoomEvent.LocalTrackPublished, this.#published)
    this.#room.off(RoomEvent.TrackUnmuted, this.#follow)
    this.#room.off(RoomEvent.TrackMuted, this.#muted)
    this.#room.off(RoomEvent.MediaDevicesError, this.#refused)
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
    if (publication?.track && !publication.isMuted) this.#lose()
  }

  /** It was to be opened, and is held elsewhere. */
  readonly #refused = (error: Error, kind?: MediaDeviceKind) => {
    if (kind === 'audioinput' && deviceTrouble(error) === 'busy') this.#lose()
  }

  #lose(): void {
    if (this.#microphone.lost || this.#stopped) return
    this.#microphone.lost = true
    this.#tell('interrupted')
    this.#again()
  }

  /** Muted by the person or a host while it was away: then it is not to come back by itself. */
  readonly #muted = (publication: TrackPublication) => {
    const source = publication.track?.mediaStreamTrack
    if (source && source === this.#source && source.readyState === 'live' && this.#microphone.lost) this.#over('none')
  }

  readonly #free = () => {
    if (this.#microphone.lost) this.#back()
  }

  readonly #seen = () => {
    if (this.#microphone.lost && document.visibilityState === 'visible') void this.#try()
  }

  #again(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#try(), AGAIN_MS)
  }

  /** Ask for the microphone again; as long as it is taken, later once more. */
  async #try(): Promise<void> {
    clearTimeout(this.#timer)
    const me = this.#room.localParticipant
    // A room that is being left would open the microphone for nobody, and hold it.
    if (this.#room.state !== ConnectionState.Connected) {
      this.#again()
      return
    }
    if (!me.permissions?.canPublish) {
      this.#over('none')
      return
    }
    try {
      if (this.#source?.readyState !== 'live') {
        const track = me.getTrackPublication(Track.Source.Microphone)?.audioTrack
        if (!track || track.isMuted) await me.setMicrophoneEnabled(true)
        else if ('restartTrack' in track) await (track as { restartTrack: () => Promise<void> }).restartTrack()
        this.#follow()
      }
    } catch {
      // Still taken.
    }
    if (this.#stopped || !this.#microphone.lost) return
    if (this.#source?.readyState === 'live' && !this.#source.muted) this.#back()
    else this.#again()
  }

  #over(state: Interruption): void {
    clearTimeout(this.#timer)
    this.#microphone.lost = false
    this.#tell(state)
  }

  #back(): void {
    this.#over('resumed')
    // Sound from the others may have been stopped as well.
    void this.#room.startAudio().catch(() => undefined)
  }
}

/** Whether the microphone was taken by a telephone call, or has just come back. */
export function useInterruption(room: Room, microphone: Microphone): Interruption {
  const [state, setState] = useState<Interruption>('none')
  useEffect(() => {
    const guard = new MicrophoneGuard(room, microphone, setState)
    guard.start()
    return () => guard.stop()
  }, [room, microphone])
  useEffect(() => {
    if (state !== 'resumed') return
    const timer = setTimeout(() => setState('none'), NEWS_MS)
    return () => clearTimeout(timer)
  }, [state])
  return state
}
