// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { casesOf, isOpen, yearShare } from './cases'
import type { ConsultRow, ReadRow } from './data'

const NOW = Date.parse('2026-11-23T06:00:00Z')
const read = (id: string, changes: Partial<ReadRow>) =>
  ({ id, state: 'queued', critical_open: false, unread: false, due_at: null, ...changes }) as ReadRow
const consult = (id: string, changes: Partial<ConsultRow>) =>
  ({ id, state: 'submitted', actions: [], opens_at: null, closes_at: null, starts_at: null, ...changes }) as ConsultRow

const joinable = consult('join', {
  state: 'scheduled',
  actions: ['join'],
  opens_at: '2026-11-23T05:50:00Z',
  closes_at: '2026-11-23T07:00:00Z',
  starts_at: '2026-11-23T06:05:00Z',
})

describe('my cases', () => {
  it('come critical first, then what can be done now, then unread, then by clock', () => {
    const reads = [
      read('rest', { state: 'uploading' }),
      read('later', { due_at: '2026-11-23T06:30:00Z' }),
      read('soon', { due_at: '2026-11-23T06:05:00Z' }),
      read('unread', { state: 'signed', unread: true }),
      read('critical', { state: 'signed', unread: true, critical_open: true }),
    ]
    const consults = [consult('waiting', {}), joinable]
    const ids = casesOf(reads, consults, NOW).map((each) => (each.kind === 'read' ? each.read.id : each.consult.id))
    expect(ids).toEqual(['critical', 'join', 'unread', 'soon', 'later', 'rest', 'waiting'])
  })

  it('a room is open from its opening to its close, for those who may join', () => {
    expect(isOpen(joinable, NOW)).toBe(true)
    expect(isOpen(joinable, Date.parse('2026-11-23T05:49:59Z'))).toBe(false)
    expect(isOpen(joinable, Date.parse('2026-11-23T07:00:00Z'))).toBe(false)
    expect(isOpen({ ...joinable, actions: [] }, NOW)).toBe(false)
  })
})

describe('the year', () => {
  it('passes evenly', () => {
    expect(yearShare(new Date('2026-01-01T00:00:00Z'))).toBe(0)
    expect(yearShare(new Date('2026-07-02T12:00:00Z'))).toBe(0.5)
  })
})
