/** Wall-clock times of a zone, for `<input type="datetime-local">`. Pure. */

function wallClock(moment: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(moment)
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value ?? 0)
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
}

/** "2026-11-23T14:05" on a zone's clock as ISO in UTC, or null when it is no time. */
export function zonedToIso(local: string, zone: string): string | null {
  const wanted = Date.parse(`${local}Z`)
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(local) || Number.isNaN(wanted)) return null
  // The offset depends on the moment that is looked for: twice is enough around a change of clocks.
  let moment = wanted
  for (let step = 0; step < 2; step += 1) moment += wanted - wallClock(moment, zone)
  return new Date(moment).toISOString()
}

/** ISO as "2026-11-23T14:05" on a zone's clock; an empty string for no time. */
export function isoToZoned(iso: string | null, zone: string): string {
  const moment = iso ? Date.parse(iso) : Number.NaN
  return Number.isNaN(moment) ? '' : new Date(wallClock(moment, zone)).toISOString().slice(0, 16)
}
