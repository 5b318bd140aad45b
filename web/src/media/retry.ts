import type { ReconnectContext, ReconnectPolicy } from 'livekit-client'

/**
 * How the signal line is taken up again. The stock policy grows to seven seconds within five tries; a media process
 * that restarts is back after one or two, so the first ten seconds are tried closely. After that the page joins afresh.
 */
export class ClosePolicy implements ReconnectPolicy {
  readonly #random: () => number

  constructor(random: () => number = Math.random) {
    this.#random = random
  }

  nextRetryDelayInMs({ retryCount, elapsedMs }: ReconnectContext): number | null {
    if (elapsedMs > GIVE_UP_MS) return null
    // Spread, so that a room full of people does not come back in the same instant.
    const base = retryCount === 0 ? 100 : Math.min(250 + 50 * retryCount, 1000)
    return Math.round(base * (0.5 + this.#random()))
  }
}

export const GIVE_UP_MS = 15_000
const WAITS = [0, 300, 400, 500, 700, 1000, 1500, 2000, 3000]
const LONGEST = 5000

/** Milliseconds before the next attempt of joining afresh; it never gives up while the person stays. */
export function rejoinWait(attempt: number, random: number): number {
  return Math.round((WAITS[attempt] ?? LONGEST) * (0.7 + 0.6 * random))
}

/** A wait that ends early when the network is back or the page is looked at again. */
export function waitOrHurry(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      clearTimeout(timer)
      window.removeEventListener('online', stop)
      document.removeEventListener('visibilitychange', seen)
      signal.removeEventListener('abort', stop)
      resolve()
    }
    const seen = () => {
      if (document.visibilityState === 'visible') stop()
    }
    const timer = setTimeout(stop, ms)
    window.addEventListener('online', stop)
    document.addEventListener('visibilitychange', seen)
    signal.addEventListener('abort', stop)
    if (signal.aborted) stop()
  })
}

/** The promise, or a failure when it takes too long. */
export function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('timeout')), ms)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
