import createClient from 'openapi-fetch'
import { currentLanguage } from '@/i18n'
import { created, creates, keyFor } from './once'
import { offline, problemOf } from './problem'
import type { paths } from './schema'
import { learnServerTime } from './serverTime'
import { freshToken, refresh } from './session'

async function withToken(request: Request): Promise<Response> {
  const token = await freshToken()
  if (token) request.headers.set('Authorization', `Bearer ${token}`)
  request.headers.set('Accept-Language', currentLanguage())
  const response = await fetch(request).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw offline()
  })
  learnServerTime(response)
  return response
}

/** A creation under its key, so that a double click or a dropped line does not create twice. */
async function createOnce(input: Request, path: string): Promise<Response> {
  const body = await input.clone().text()
  input.headers.set('Idempotency-Key', keyFor(path, body, Date.now()))
  const response = await authorizedFetch(input)
  if (response.ok) created(path, body, Date.now())
  return response
}

async function typedFetch(input: Request): Promise<Response> {
  const path = new URL(input.url).pathname
  return creates(input.method, path) ? createOnce(input, path) : authorizedFetch(input)
}

/** `fetch` with the access token; renews the token and repeats once when the server says 401. */
export async function authorizedFetch(input: Request): Promise<Response> {
  const again = input.clone()
  const response = await withToken(input)
  if (response.status !== 401 || !(await refresh())) return response
  return withToken(again)
}

/** The typed client of the API: `api.GET('/api/…', { params })`, to be read through `unwrap`. */
export const api = createClient<paths>({
  baseUrl: typeof location === 'undefined' ? 'http://localhost' : location.origin,
  fetch: typedFetch,
})

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The data of an answer. Throws `ApiError` for everything else. */
export async function unwrap<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call
  if (!response.ok) throw problemOf(response, error)
  // An empty 204 has no data; its T is undefined.
  return data as T
}

/** Bytes of a protected address, for files and waveforms. Throws `ApiError`. */
export async function fetchBytes(path: string, signal?: AbortSignal): Promise<ArrayBuffer> {
  const response = await authorizedFetch(new Request(new URL(path, location.origin), { signal: signal ?? null }))
  if (!response.ok) throw problemOf(response, await response.json().catch(() => null))
  return response.arrayBuffer()
}

/** Fetch a protected file and hand it to the browser's download. Throws `ApiError`. */
export async function download(path: string, fileName: string): Promise<void> {
  const response = await authorizedFetch(new Request(new URL(path, location.origin)))
  if (!response.ok) throw problemOf(response, await response.json().catch(() => null))
  const address = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  link.href = address
  link.download = fileName
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
