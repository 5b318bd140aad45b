import { renderHook, act } from '@testing-library/react'
import { ConnectionState, type Room, RoomEvent, Track } from 'livekit-client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Microphone } from './types'
import { useInterruption } from './useInterruption'

/** A microphone's source as browsers show it: a telephone call mutes it, or ends it for good. */
class Source extends EventTarget {
  muted = false
  readyState: 'live' | 'ended' = 'live'

  call(): void {
    this.muted = true
    this.dispatchEvent(new Event('mute'))
  }

  hangUp(): void {
    this.muted = false
    this.dispatchEvent(new Event('unmute'))
  }

  end(): void {
    this.readyState = 'ended'
    this.dispatchEvent(new Event('ended'))
  }
}

function fakeRoom({ published = true } = {}) {
  const listeners = new Map<string, (...given: unknown[]) => void>()
  const restarts: Source[] = []
  let taken = false
  const track = {
    isMuted: false,
    mediaStreamTrack: new Source(),
    restartTrack: () => {
      if (taken) return Promise.reject(new Error('taken'))
      track.mediaStreamTrack = new Source()
      restarts.push(track.mediaStreamTrack)
      return Promise.resolve()
    },
  }
  const publication = { source: Track.Source.Microphone, isMuted: false, track, audioTrack: track }
  const startAudio = vi.fn(() => Promise.resolve())
  const disconnect = vi.fn()
  const room = {
    state: ConnectionState.Connected,
    localParticipant: {
      permissions: { canPublish: true },
      getTrackPublication: () => (published ? publication : undefined),
      setMicrophoneEnabled: () => {
        if (taken) return Promise.reject(new Error('taken'))
        published = true
        return Promise.resolve()
      },
    },
    on: (name: string, listener: (...given: unknown[]) => void) => listeners.set(name, listener),
    off: (name: string) => listeners.delete(name),
    startAudio,
    disconnect,
  }
  return {
    room: room as unknown as Room,
    publication,
    track,
    listeners,
    restarts,
    startAudio,
    disconnect,
    hold: (held: boolean) => (taken = held),
  }
}

const whole = (): Microphone => ({ lost: false })

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})
const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms))

describe('a telephone call', () => {
  it('takes the microphone for a while, and the call goes on', async () => {
    const { room, track, startAudio, disconnect } = fakeRoom()
    const microphone = whole()
    const { result } = renderHook(() => useInterruption(room, microphone))
    expect(result.current).toBe('none')
    act(() => track.mediaStreamTrack.call())
    expect(result.current).toBe('interrupted')
    await pass(60_000)
    expect(result.current).toBe('interrupted')
    act(() => track.mediaStreamTrack.hangUp())
    expect(result.current).toBe('resumed')
    expect(startAudio).toHaveBeenCalledTimes(1)
    await pass(7000)
    expect(result.current).toBe('none')
    expect(disconnect).not.toHaveBeenCalled()
  })

  it('that ends the track is asked again and again until the microphone is free', async () => {
    const { room, track, hold, restarts } = fakeRoom()
    const microphone = whole()
    const { result } = renderHook(() => useInterruption(room, microphone))
    hold(true)
    act(() => track.mediaStreamTrack.end())
    await pass(20_000)
    expect(result.current).toBe('interrupted')
    expect(restarts).toEqual([])
    hold(false)
    await pass(4000)
    expect(restarts).toHaveLength(1)
    expect(result.current).toBe('resumed')
    // The new track is watched as the old one was.
    await pass(7000)
    act(() => track.mediaStreamTrack.call())
    expect(result.current).toBe('interrupted')
  })

  it('is no news to who had muted the microphone', () => {
    const { room, track, publication } = fakeRoom()
    publication.isMuted = true
    const microphone = whole()
    const { result } = renderHook(() => useInterruption(room, microphone))
    act(() => track.mediaStreamTrack.call())
    expect(result.current).toBe('none')
  })

  it('is not waited for after leaving', async () => {
    const { room, track, listeners, restarts } = fakeRoom()
    const microphone = whole()
    const { unmount } = renderHook(() => useInterruption(room, microphone))
    act(() => track.mediaStreamTrack.end())
    unmount()
    await pass(10_000)
    expect(restarts).toEqual([])
    expect(listeners.size).toBe(0)
    expect(RoomEvent.LocalTrackPublished in Object.fromEntries(listeners)).toBe(false)
  })

  it('that takes the line as well is waited for in the next room', async () => {
    const [first, next] = [fakeRoom(), fakeRoom({ published: false })]
    const microphone = whole()
    const { result, rerender } = renderHook(({ room }) => useInterruption(room, microphone), {
      initialProps: { room: first.room },
    })
    first.hold(true)
    next.hold(true)
    act(() => first.track.mediaStreamTrack.end())
    rerender({ room: next.room })
    await pass(10_000)
    expect(result.current).toBe('interrupted')
    next.hold(false)
    await pass(4000)
    expect(result.current).toBe('resumed')
    expect(microphone.lost).toBe(false)
  })

  it('opens no microphone in a room that is being left', async () => {
    const { room, track, restarts } = fakeRoom()
    const microphone = whole()
    renderHook(() => useInterruption(room, microphone))
    room.state = ConnectionState.Disconnected
    act(() => track.mediaStreamTrack.end())
    await pass(10_000)
    expect(restarts).toEqual([])
    expect(microphone.lost).toBe(true)
  })

  it('is not ended by force when the microphone was muted meanwhile', async () => {
    const { room, track, publication, listeners, restarts } = fakeRoom()
    const microphone = whole()
    const { result } = renderHook(() => useInterruption(room, microphone))
    act(() => track.mediaStreamTrack.call())
    publication.isMuted = true
    act(() => listeners.get(RoomEvent.TrackMuted)?.(publication))
    expect(result.current).toBe('none')
    act(() => track.mediaStreamTrack.end())
    await pass(10_000)
    expect(result.current).toBe('none')
    expect(restarts).toEqual([])
  })

  it('that holds the microphone when it is to be opened is waited for', async () => {
    const { room, listeners } = fakeRoom({ published: false })
    const microphone = whole()
    const { result } = renderHook(() => useInterruption(room, microphone))
    const refusal = new DOMException('', 'NotReadableError')
    act(() => listeners.get(RoomEvent.MediaDevicesError)?.(refusal, 'audioinput'))
    expect(result.current).toBe('interrupted')
    await pass(4000)
    expect(result.current).toBe('resumed')
  })
})
