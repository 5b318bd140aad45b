import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { freshToken, useSession } from './session'

export type Line = 'connecting' | 'up' | 'down'
export interface LiveEvent {
  topic: string
  id: string
}

const FIRST_WAIT = 1000
const LONGEST_WAIT = 30_000

let line: Line = 'connecting'
const watchers = new Set<() => void>()
const listeners = new Set<(event: LiveEvent) => void>()

function setLine(next: Line): void {
  if (line === next) return
  line = next
  for (const watcher of watchers) watcher()
}

/** Milliseconds to wait before the next attempt: doubling, with jitter so that not all come back at once. */
export function backoff(attempt: number, random: number): number {
  const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(attempt, 10))
  return Math.round(wait * (0.5 + random / 2))
}

export function parseEvent(data: unknown): LiveEvent | null {
  if (typeof data !== 'string') return null
  try {
    const value = JSON.parse(data) as unknown
    if (typeof value !== 'object' || value === null) return null
    const { topic, id } = value as { topic?: unknown; id?: unknown }
    return typeof topic === 'string' ? { topic, id: typeof id === 'string' ? id : '' } : null
  } catch {
    return null
  }
}

function keepOpen(client: QueryClient): () => void {
  let socket: WebSocket | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let attempt = 0
  let stopped = false

  const open = async () => {
    const token = await freshToken()
    if (stopped) return
    if (!token) {
      again()
      return
    }
    const address = new URL('/api/live', location.href)
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
    socket = new WebSocket(address)
    socket.onopen = () => {
      socket?.send(JSON.stringify({ token }))
      // What happened while the line was down was missed.
      if (attempt > 0) void client.invalidateQueries()
      attempt = 0
      setLine('up')
    }
    socket.onmessage = (message) => {
      const event = parseEvent(message.data)
      if (!event) return
      // A page that lagged too far behind is told to ask for everything again.
      if (event.topic === 'everything') void client.invalidateQueries()
      else void client.invalidateQueries({ queryKey: [event.topic] })
      for (const listener of listeners) listener(event)
    }
    socket.onclose = () => {
      if (!stopped) again()
    }
  }

  const again = () => {
    if (attempt > 0) setLine('down')
    timer = setTimeout(() => void open(), backoff(attempt, Math.random()))
    attempt += 1
  }

  const hurry = () => {
    if (socket?.readyState === WebSocket.OPEN || socket?.readyState === WebSocket.CONNECTING) return
    clearTimeout(timer)
    void open()
  }

  void open()
  window.addEventListener('online', hurry)
  return () => {
    stopped = true
    clearTimeout(timer)
    window.removeEventListener('online', hurry)
    socket?.close()
  }
}

/** Keep the live line open while somebody is logged in, and refetch what the server says has changed. */
export function useLiveUpdates(): void {
  const client = useQueryClient()
  const session = useSession()
  const person = session.state === 'in' ? session.person.id : null
  useEffect(() => (person ? keepOpen(client) : undefined), [client, person])
}

/** Called for every live event, for pages that do more than refetch. */
export function useLiveEvent(listener: (event: LiveEvent) => void): void {
  useEffect(() => {
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  }, [listener])
}

export function useLine(): Line {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    () => line,
  )
}
