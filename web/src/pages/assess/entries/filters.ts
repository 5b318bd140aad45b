import type { Model } from '@/api/types'

export const FILTERS = [
  'agreement',
  'kind',
  'unit',
  'person',
  'from',
  'to',
  'creditable',
  'reason',
  'doubtful',
  'page',
] as const
export type FilterName = (typeof FILTERS)[number]
export type EntriesFilters = Record<FilterName, string>

export const KINDS = ['consult', 'ecg_read', 'lecture', 'ward_round', 'case_discussion'] as const
/** Codes by which the log can be narrowed: why nothing was credited, and what an assessor should look at twice. */
export const REASONS = [
  'too_short',
  'one_side_only',
  'no_media',
  'reception_unknown',
  'not_in_term',
  'not_in_plan',
  'late',
  'cancelled',
  'withdrawn',
] as const
export const MARKS = ['period_end_burst', 'same_case', 'two_places', 'identical_duration'] as const

/** Rows asked for at once: the most that the server gives. */
export const PAGE = 200

interface EntriesQuery {
  agreement_id?: string
  kind?: Model<'ActivityKind'>
  unit?: string
  person?: string
  from?: string
  to?: string
  creditable?: boolean
  reason?: string
  doubtful?: boolean
  offset?: number
}

function yesNo(text: string): boolean | undefined {
  return text === 'yes' ? true : text === 'no' ? false : undefined
}

/** First row of the page in the address, 0 for anything that is not a page. */
export function offsetOf(page: string): number {
  return /^[1-9][0-9]{0,3}$/.test(page) ? (Number(page) - 1) * PAGE : 0
}

/** The filters of the address as the server wants them; what it would refuse is left out. */
export function queryOf(filters: EntriesFilters): EntriesQuery {
  const kind = KINDS.find((each) => each === filters.kind)
  const creditable = yesNo(filters.creditable)
  const doubtful = yesNo(filters.doubtful)
  const day = (text: string) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? text : '')
  const offset = offsetOf(filters.page)
  return {
    ...(filters.agreement && { agreement_id: filters.agreement }),
    ...(kind && { kind }),
    ...(filters.unit && { unit: filters.unit }),
    ...(filters.person && { person: filters.person }),
    ...(day(filters.from) && { from: filters.from }),
    ...(day(filters.to) && { to: filters.to }),
    ...(creditable !== undefined && { creditable }),
    ...(/^[a-z][a-z0-9_]{0,39}$/.test(filters.reason) && { reason: filters.reason }),
    ...(doubtful !== undefined && { doubtful }),
    ...(offset > 0 && { offset }),
  }
}

/** Address of the workbook with the same rows. */
export function workbookAddress(filters: EntriesFilters): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(queryOf({ ...filters, page: '' }))) search.set(name, String(value))
  const text = search.toString()
  return `/api/entries.xlsx${text ? `?${text}` : ''}`
}
