import { renderHook, act } from '@testing-library/react'
import { type Room, RoomEvent, Track } from 'livekit-client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
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

function fakeRoom() {
  const listeners = new Map<string, (publication?: unknown) => void>()
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
    localParticipant: { getTrackPublication: () => publication, setMicrophoneEnabled: vi.fn() },
    on: (name: string, listener: () => void) => listeners.set(name, listener),
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
    const { result } = renderHook(() => useInterruption(room))
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
    const { result } = renderHook(() => useInterruption(room))
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
    const { result } = renderHook(() => useInterruption(room))
    act(() => track.mediaStreamTrack.call())
    expect(result.current).toBe('none')
  })

  it('is not waited for after leaving', async () => {
    const { room, track, listeners, restarts } = fakeRoom()
    const { unmount } = renderHook(() => useInterruption(room))
    act(() => track.mediaStreamTrack.end())
    unmount()
    await pass(10_000)
    expect(restarts).toEqual([])
    expect(listeners.size).toBe(0)
    expect(RoomEvent.LocalTrackPublished in Object.fromEntries(listeners)).toBe(false)
  })
})
