import { useSyncExternalStore } from 'react'
import { ApiError, offline, problemOf } from './problem'
import { learnServerTime } from './serverTime'
import type { LoginView, Person } from './types'

/** Who is logged in. The access token lives in memory only; the refresh token is an HttpOnly cookie. */
export type Session =
  | { state: 'unknown' }
  | { state: 'unreachable'; error: ApiError }
  | { state: 'out' }
  | { state: 'in'; person: Person; token: string; expires: number }

let session: Session = { state: 'unknown' }
let refreshing: Promise<boolean> | null = null
const listeners = new Set<() => void>()
const otherTabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('duikou-session')

function set(next: Session): void {
  session = next
  for (const listener of listeners) listener()
}

otherTabs?.addEventListener('message', (event: MessageEvent<unknown>) => {
  if (event.data === 'out' && session.state === 'in') set({ state: 'out' })
})

export function getSession(): Session {
  return session
}

export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useSession(): Session {
  return useSyncExternalStore(onSessionChange, getSession)
}

/** The logged-in person; only for what is rendered behind the gate. */
export function usePerson(): Person {
  const current = useSession()
  if (current.state !== 'in') throw new Error('usePerson outside of the gate')
  return current.person
}

export function useZone(): string {
  const current = useSession()
  return current.state === 'in' ? current.person.organisation.zone : 'Asia/Shanghai'
}

async function post(path: string, body?: unknown, signal: AbortSignal | null = null): Promise<Response> {
  const request: RequestInit = { method: 'POST', credentials: 'same-origin', signal }
  if (body !== undefined) {
    request.body = JSON.stringify(body)
    request.headers = { 'Content-Type': 'application/json' }
  }
  const response = await fetch(path, request).catch(() => {
    throw offline()
  })
  learnServerTime(response)
  if (!response.ok) throw problemOf(response, await response.json().catch(() => null))
  return response
}

async function enter(path: string, body?: unknown, signal?: AbortSignal): Promise<void> {
  const login = (await (await post(path, body, signal)).json()) as LoginView
  set({
    state: 'in',
    person: login.person,
    token: login.access_token,
    expires: Date.now() + login.expires_in * 1000,
  })
}

export async function logIn(username: string, password: string): Promise<void> {
  await enter('/api/auth/login', { username, password })
}

export async function enterDemo(username: string): Promise<void> {
  await enter('/api/demo/enter', { username })
}

export async function logOut(): Promise<void> {
  try {
    await post('/api/auth/logout')
  } finally {
    set({ state: 'out' })
    otherTabs?.postMessage('out')
  }
}

/** Everything waits for a refresh. On a line that died without a word it is asked again rather than waited for. */
const REFRESH_MS = 20_000

async function refreshNow(): Promise<boolean> {
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(), REFRESH_MS)
  try {
    await enter('/api/auth/refresh', undefined, limit.signal)
    return true
  } catch (error) {
    const failure = error instanceof ApiError ? error : offline()
    if (failure.status === 401 || failure.status === 403) set({ state: 'out' })
    else if (session.state !== 'in') set({ state: 'unreachable', error: failure })
    return false
  } finally {
    clearTimeout(timer)
  }
}

/** Renew the access token. One request at a time, over all tabs: the refresh token rotates. */
export function refresh(): Promise<boolean> {
  const locks = (navigator as Partial<Pick<Navigator, 'locks'>>).locks
  const oneTab = async (): Promise<boolean> =>
    locks ? await locks.request('duikou-refresh', refreshNow) : await refreshNow()
  refreshing ??= oneTab().finally(() => {
    refreshing = null
  })
  return refreshing
}

/** A token that holds for another half minute, or null when nobody is logged in. */
export async function freshToken(): Promise<string | null> {
  if (session.state === 'in' && session.expires - Date.now() < 30_000) await refresh()
  return session.state === 'in' ? session.token : null
}
