import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { authorizedFetch, unwrap } from './client'
import { ApiError } from './problem'
import { freshToken, getSession, logIn, logOut, refresh } from './session'

const person = { id: 'p1', organisation: { zone: 'Asia/Shanghai' } }

function answer(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'X-Request-Id': 'req_1' } })
}

type Handler = (path: string, request: Request) => Response | Promise<Response>
let calls: string[] = []

function serve(handler: Handler): void {
  vi.stubGlobal('fetch', async (input: string | Request, init?: RequestInit) => {
    const request = typeof input === 'string' ? new Request(new URL(input, 'http://localhost'), init) : input
    const path = new URL(request.url).pathname
    calls.push(path)
    return handler(path, request)
  })
}

let issued = 0
const login = () => answer(200, { access_token: `token-${(issued += 1)}`, expires_in: 900, person })
const object = () => new Request('http://localhost/api/me')

beforeEach(() => {
  calls = []
  issued = 0
})

afterEach(async () => {
  serve(() => answer(200, {}))
  await logOut()
  vi.unstubAllGlobals()
})

describe('session', () => {
  it('renews the token once for many requests that were refused at the same time', async () => {
    serve((path, request) => {
      if (path.startsWith('/api/auth/')) return login()
      return request.headers.get('Authorization') === 'Bearer token-2' ? answer(200, {}) : answer(401, {})
    })
    await logIn('li', 'secret')
    const answers = await Promise.all([1, 2, 3].map(() => authorizedFetch(object())))
    expect(answers.map((each) => each.status)).toEqual([200, 200, 200])
    expect(calls.filter((path) => path === '/api/auth/refresh')).toHaveLength(1)
  })

  it('repeats a refused request once and no more', async () => {
    serve((path) => (path.startsWith('/api/auth/') ? login() : answer(401, { code: 'session_expired' })))
    await logIn('li', 'secret')
    expect((await authorizedFetch(object())).status).toBe(401)
    expect(calls.filter((path) => path === '/api/me')).toHaveLength(2)
  })

  it('is logged out when the refresh token is refused, and not when the line is down', async () => {
    serve(() => login())
    await logIn('li', 'secret')
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('network')))
    expect(await refresh()).toBe(false)
    expect(getSession().state).toBe('in')
    serve(() => answer(401, { code: 'session_expired' }))
    expect(await refresh()).toBe(false)
    expect(getSession().state).toBe('out')
    expect(await freshToken()).toBeNull()
  })

  it('does not wait for an answer that was lost with the line, and asks again', async () => {
    serve(() => login())
    await logIn('li', 'secret')
    vi.useFakeTimers()
    vi.stubGlobal('fetch', (_: string, { signal }: RequestInit) =>
      new Promise((_done, fail) => signal?.addEventListener('abort', () => fail(new TypeError('aborted')))),
    )
    const lost = refresh()
    await vi.advanceTimersByTimeAsync(30_000)
    vi.useRealTimers()
    expect(await lost).toBe(false)
    expect(getSession().state).toBe('in')
    serve(() => login())
    expect(await refresh()).toBe(true)
  })

  it('gives the code, sentence and request id of a problem document', async () => {
    serve(() => answer(409, {}))
    const problem = { code: 'wrong_state', status: 409, message: { zh: '状态已变', en: 'changed' } }
    const failure = await unwrap(Promise.resolve({ error: problem, response: answer(409, problem) })).catch(
      (error: unknown) => error,
    )
    expect(failure).toBeInstanceOf(ApiError)
    expect(failure).toMatchObject({ code: 'wrong_state', status: 409, requestId: 'req_1', sentence: '状态已变' })
  })
})
