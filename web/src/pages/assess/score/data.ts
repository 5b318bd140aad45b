import { useQuery } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'
import type { Model } from '@/api/types'
import type { EntrySummary } from '../data'
import { same, fromHex } from '../proof/merkle'
import { checkSignature, parseCheckpoint, parseKey, parseNote, type Signed } from '../proof/note'

export type Score = Model<'ScoreView'>
export type Subject = Model<'SubjectView'>
export type Indicator = Model<'IndicatorView'>

export interface Period {
  from: string
  to: string
}

/** Both days, or neither for the present half-year: the server takes nothing else. */
export function periodQuery({ from, to }: Period): { from?: string; to?: string } {
  const day = /^\d{4}-\d{2}-\d{2}$/
  return day.test(from) && day.test(to) ? { from, to } : {}
}

export function useSubjects(period: Period) {
  const query = periodQuery(period)
  return useQuery({
    queryKey: ['entries', 'subjects', query],
    queryFn: () => unwrap(api.GET('/api/subjects', { params: { query } })),
  })
}

export function useScore(agreementId: string, period: Period) {
  const query = { agreement_id: agreementId, ...periodQuery(period) }
  return useQuery({
    queryKey: ['entries', 'score', query],
    queryFn: () => unwrap(api.GET('/api/scores', { params: { query } })),
  })
}

const PAGE = 200
const MOST_PAGES = 25

/** The entries behind an indicator. The log has no such filter, so the period's entries are read and picked from. */
export function useEntriesOf(score: Score | undefined, ids: readonly string[]) {
  return useQuery({
    queryKey: ['entries', 'of', score?.agreement_id, score?.first_day, score?.last_day, ids],
    queryFn: async (): Promise<EntrySummary[]> => {
      const wanted = new Set(ids)
      const found: EntrySummary[] = []
      for (let page = 0; page < MOST_PAGES && found.length < wanted.size; page += 1) {
        const query = {
          agreement_id: score?.agreement_id ?? '',
          from: score?.first_day ?? '',
          to: score?.last_day ?? '',
          limit: PAGE,
          offset: page * PAGE,
        }
        const log = await unwrap(api.GET('/api/entries', { params: { query } }))
        found.push(...log.entries.filter((entry) => wanted.has(entry.id)))
        if (log.entries.length < PAGE) break
      }
      return found
    },
    enabled: score !== undefined,
  })
}

export type LogCheck = Signed | 'grown'

/**
 * Whether the newest checkpoint is rightly signed and is the one that the score names; `grown`: entries were added
 * since the score was computed, so its own checkpoint is not shown any more.
 */
export function useLogCheck(score: Score) {
  const { size, root } = score.log
  return useQuery({
    queryKey: ['entries', 'checkpoint', size, root],
    queryFn: async (): Promise<LogCheck> => {
      const head = await unwrap(api.GET('/api/log/checkpoint'))
      const note = parseNote(head.note)
      const checkpoint = note && parseCheckpoint(note.text)
      const key = await parseKey(head.vkey)
      if (!note || !checkpoint || !key) return 'bad'
      const signed = await checkSignature(note, key)
      if (signed !== 'good') return signed
      if (checkpoint.size !== size) return checkpoint.size > size ? 'grown' : 'bad'
      const stated = fromHex(root)
      return stated && same(stated, checkpoint.root) ? 'good' : 'bad'
    },
  })
}
