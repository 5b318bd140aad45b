// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { FILTERS, offsetOf, queryOf, workbookAddress, type EntriesFilters } from './filters'

const none = Object.fromEntries(FILTERS.map((name) => [name, ''])) as EntriesFilters
const given = (changes: Partial<EntriesFilters>) => ({ ...none, ...changes })

describe('filters of the log', () => {
  it('ask for everything when nothing is chosen', () => {
    expect(queryOf(none)).toEqual({})
    expect(workbookAddress(none)).toBe('/api/entries.xlsx')
  })

  it('are passed on by their names on the server', () => {
    expect(
      queryOf(
        given({
          agreement: 'agr_1',
          kind: 'ecg_read',
          unit: 'org_1',
          person: 'stf_1',
          from: '2026-07-01',
          to: '2026-12-31',
          creditable: 'no',
          reason: 'too_short',
          doubtful: 'yes',
          page: '3',
        }),
      ),
    ).toEqual({
      agreement_id: 'agr_1',
      kind: 'ecg_read',
      unit: 'org_1',
      person: 'stf_1',
      from: '2026-07-01',
      to: '2026-12-31',
      creditable: false,
      reason: 'too_short',
      doubtful: true,
      offset: 400,
    })
  })

  it('leave out what the server would refuse', () => {
    expect(
      queryOf(given({ kind: 'x', from: 'July', to: '2026', creditable: 'maybe', reason: 'A B', page: '0' })),
    ).toEqual({})
  })

  it('turn pages', () => {
    expect([offsetOf(''), offsetOf('1'), offsetOf('2'), offsetOf('-1'), offsetOf('2.5')]).toEqual([0, 0, 200, 0, 0])
  })

  it('export what is filtered, not only the page shown', () => {
    expect(workbookAddress(given({ creditable: 'yes', page: '2' }))).toBe('/api/entries.xlsx?creditable=true')
  })
})
