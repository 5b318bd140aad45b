import { renderHook } from '@testing-library/react'
import { type Room, RoomEvent } from 'livekit-client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { useAway } from './useAway'

function fakeRoom() {
  const said: Record<string, string>[] = []
  const listeners = new Map<string, () => void>()
  const participant = {
    attributes: {} as Record<string, string>,
    setAttributes: (next: Record<string, string>) => {
      said.push(next)
      Object.assign(participant.attributes, next)
      return Promise.resolve()
    },
  }
  const room = {
    localParticipant: participant,
    on: (name: string, listener: () => void) => listeners.set(name, listener),
    off: (name: string) => listeners.delete(name),
  }
  return { room: room as unknown as Room, participant, said, listeners }
}

function look(state: 'hidden' | 'visible') {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state)
  document.dispatchEvent(new Event('visibilitychange'))
}

afterEach(() => vi.restoreAllMocks())

describe('away', () => {
  it('is said when the page is hidden and taken back when it is seen', () => {
    const { room, said } = fakeRoom()
    renderHook(() => useAway(room))
    expect(said).toEqual([])
    look('hidden')
    look('hidden')
    look('visible')
    expect(said).toEqual([{ away: '1' }, { away: '' }])
  })

  it('is said again after a reconnection that forgot it, and no more after leaving', () => {
    const { room, participant, said, listeners } = fakeRoom()
    const { unmount } = renderHook(() => useAway(room))
    look('hidden')
    participant.attributes = {}
    listeners.get(RoomEvent.Reconnected)?.()
    expect(said).toEqual([{ away: '1' }, { away: '1' }])
    unmount()
    look('visible')
    expect(said).toHaveLength(2)
    expect(listeners.size).toBe(0)
  })
})
