import { expect, it } from 'vitest'
import { created, creates, keyFor } from './once'

it('knows what creates something', () => {
  expect(creates('POST', '/api/reads')).toBe(true)
  expect(creates('POST', '/api/reads/red_1/claim')).toBe(false)
  expect(creates('GET', '/api/reads')).toBe(false)
})

it('keeps the key over a double click and over failures, and no longer', () => {
  const first = keyFor('/api/reads', '{"a":1}', 0)
  expect(keyFor('/api/reads', '{"a":1}', 1_000_000)).toBe(first)
  expect(keyFor('/api/reads', '{"a":2}', 0)).not.toBe(first)
  expect(keyFor('/api/patients', '{"a":1}', 0)).not.toBe(first)
  created('/api/reads', '{"a":1}', 2_000_000)
  expect(keyFor('/api/reads', '{"a":1}', 2_000_300)).toBe(first)
  expect(keyFor('/api/reads', '{"a":1}', 2_005_000)).not.toBe(first)
})
