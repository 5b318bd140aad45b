import { expect, it } from 'vitest'
import { backoff, parseEvent } from './live'

it('waits longer each time, at most half a minute, never less than half of that', () => {
  expect([0, 1, 2, 3].map((attempt) => backoff(attempt, 1))).toEqual([1000, 2000, 4000, 8000])
  expect(backoff(50, 1)).toBe(30_000)
  expect(backoff(50, 0)).toBe(15_000)
})

it('takes only events with a topic', () => {
  expect(parseEvent('{"topic":"reads","id":"r1"}')).toEqual({ topic: 'reads', id: 'r1' })
  expect(parseEvent('{"topic":"reads"}')).toEqual({ topic: 'reads', id: '' })
  for (const bad of ['', 'null', '[]', '{"id":"x"}', '{"topic":1}', new Blob()]) expect(parseEvent(bad)).toBeNull()
})
