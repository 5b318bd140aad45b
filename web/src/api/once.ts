const CREATES = /^\/api\/(consults|lectures|patients|reads)$/
/** So long after success, the same content again is a second click, not a second wish. */
const SAME_CLICK_MS = 5000

interface Kept {
  key: string
  /** when it succeeded; null while it has not */
  done: number | null
}

const kept = new Map<string, Kept>()

const nameOf = (path: string, body: string) => `${path}\n${body}`

/** True when a request creates something, so that sending it twice would create it twice. */
export function creates(method: string, path: string): boolean {
  return method === 'POST' && CREATES.test(path)
}

/** The `Idempotency-Key` of a creation: the same for a double click and for another try after a failure. */
export function keyFor(path: string, body: string, now: number): string {
  for (const [name, { done }] of kept) if (done !== null && now - done >= SAME_CLICK_MS) kept.delete(name)
  const name = nameOf(path, body)
  const before = kept.get(name)
  if (before) return before.key
  const key = crypto.randomUUID()
  kept.set(name, { key, done: null })
  return key
}

/** Note that a creation succeeded. */
export function created(path: string, body: string, now: number): void {
  const found = kept.get(nameOf(path, body))
  if (found) found.done = now
}
