import { expect, it } from 'vitest'
import { isoToZoned, zonedToIso } from './zone'

it.each([
  ['2026-11-23T14:05', 'Asia/Shanghai', '2026-11-23T06:05:00.000Z'],
  ['2026-01-01T00:30', 'Asia/Shanghai', '2025-12-31T16:30:00.000Z'],
  ['2026-07-01T12:00', 'Europe/Berlin', '2026-07-01T10:00:00.000Z'],
  ['2026-03-29T03:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
  ['2026-11-23T14:05', 'UTC', '2026-11-23T14:05:00.000Z'],
])('%s in %s is %s, and back', (local, zone, iso) => {
  expect(zonedToIso(local, zone)).toBe(iso)
  expect(isoToZoned(iso, zone)).toBe(local)
})

it('has nothing for what is no time', () => {
  expect(zonedToIso('', 'UTC')).toBeNull()
  expect(zonedToIso('2026-13-45T99:99', 'UTC')).toBeNull()
  expect(isoToZoned(null, 'UTC')).toBe('')
  expect(isoToZoned('later', 'UTC')).toBe('')
})
