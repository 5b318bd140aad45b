import { serverNow } from '@/api/serverTime'
import type { Consult } from '../data'

const QUARTER = 15 * 60_000

/** The next full quarter of an hour. */
export function nextQuarter(now: number): string {
  return new Date(Math.ceil(now / QUARTER) * QUARTER).toISOString()
}

/** The wished time when it is still to come, else soon. */
export function proposal(consult: Consult): string {
  const wished = consult.starts_at ?? consult.wished_at
  return wished && Date.parse(wished) > serverNow() ? wished : nextQuarter(serverNow())
}
