import { cleanup, renderHook } from '@testing-library/react'
import { type Room, RoomEvent } from 'livekit-client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { show } from './presence'
import { useAway } from './useAway'

vi.mock('./presence', () => ({ show: vi.fn() }))
const shown = vi.mocked(show)
const said = () => shown.mock.calls.map(([, presence]) => presence.away)

function fakeRoom(attributes: Record<string, string> = {}) {
  const listeners = new Map<string, () => void>()
  const participant = { attributes }
  const room = {
    localParticipant: participant,
    on: (name: string, listener: () => void) => listeners.set(name, listener),
    off: (name: string) => listeners.delete(name),
  }
  return { room: room as unknown as Room, participant, listeners }
}

function look(state: 'hidden' | 'visible') {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state)
  document.dispatchEvent(new Event('visibilitychange'))
}

beforeEach(() => {
  vi.useFakeTimers()
  shown.mockResolvedValue(undefined)
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
  vi.restoreAllMocks()
  shown.mockReset()
})

describe('away', () => {
  it('is said when the page is hidden and taken back when it is seen', async () => {
    renderHook(() => useAway(fakeRoom().room))
    expect(said()).toEqual([])
    look('hidden')
    look('hidden')
    await vi.advanceTimersByTimeAsync(0)
    look('visible')
    await vi.advanceTimersByTimeAsync(0)
    expect(said()).toEqual([true, false])
  })

  it('is taken back after its own answer, never before', async () => {
    let answer: () => void = () => undefined
    shown.mockImplementationOnce(() => new Promise((done) => (answer = () => done(undefined))))
    renderHook(() => useAway(fakeRoom().room))
    look('hidden')
    look('visible')
    await vi.advanceTimersByTimeAsync(0)
    expect(said()).toEqual([true])
    answer()
    await vi.advanceTimersByTimeAsync(0)
    expect(said()).toEqual([true, false])
  })

  it('is said again when it did not get through, after a reconnection that forgot it, and no more after leaving', async () => {
    const { room, participant, listeners } = fakeRoom()
    const { unmount } = renderHook(() => useAway(room))
    shown.mockRejectedValueOnce(new Error('line'))
    look('hidden')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(said()).toEqual([true, true])
    participant.attributes = {}
    listeners.get(RoomEvent.Reconnected)?.()
    await vi.advanceTimersByTimeAsync(0)
    expect(said()).toEqual([true, true, true])
    unmount()
    look('visible')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(said()).toHaveLength(3)
    expect(listeners.size).toBe(0)
  })

  it('is said by those inside only', async () => {
    const { room, participant, listeners } = fakeRoom({ waiting: '2026-11-25T01:00:00Z' })
    renderHook(() => useAway(room))
    look('hidden')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(said()).toEqual([])
    participant.attributes = { waiting: '' }
    listeners.get(RoomEvent.ParticipantPermissionsChanged)?.()
    await vi.advanceTimersByTimeAsync(0)
    expect(said()).toEqual([true])
  })
})
