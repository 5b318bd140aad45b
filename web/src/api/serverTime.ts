/** The server's clock, so that "time left" is right on a phone whose clock is wrong. */

let offset = 0

/** Learn from the `Date` header of an answer; it has whole seconds, so small differences are ignored. */
export function learnServerTime(response: Response): void {
  const header = response.headers.get('Date')
  const stated = header ? Date.parse(header) : Number.NaN
  if (Number.isNaN(stated)) return
  const difference = stated - Date.now()
  offset = Math.abs(difference) > 2000 ? difference : 0
}

/** Milliseconds since 1970 on the server's clock. */
export function serverNow(): number {
  return Date.now() + offset
}
