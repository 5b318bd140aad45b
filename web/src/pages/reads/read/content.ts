import type { Model } from '@/api/types'
import type { Content, ReadRow } from '../data'

/** The numbers of a report, in the order in which they are read out. Units: bpm, ms, degrees. */
export const NUMBERS = ['rate_bpm', 'pr_ms', 'qrs_ms', 'qt_ms', 'qtc_ms', 'axis_degrees'] as const
export type NumberName = (typeof NUMBERS)[number]

export const EMPTY: Content = {
  rhythm: '',
  rate_bpm: null,
  axis_degrees: null,
  pr_ms: null,
  qrs_ms: null,
  qt_ms: null,
  qtc_ms: null,
  findings: [],
  conclusion: '',
  advice: '',
}

function whole(value: number | null): number | null {
  return value === null ? null : Math.round(value)
}

/** What the device says of a number of the report. */
export function ofDevice(device: Model<'DeviceMeasurements'>, name: NumberName): number | null {
  return device[name === 'axis_degrees' ? 'qrs_axis_degrees' : name]
}

/** A report that begins with the device's own measurements. */
export function fromDevice(device: Model<'DeviceMeasurements'>): Content {
  return {
    ...EMPTY,
    ...Object.fromEntries(NUMBERS.map((name) => [name, whole(ofDevice(device, name))])),
  }
}

/** The template's words, with the numbers that were there already. */
export function withTemplate(content: Content, template: Content): Content {
  const numbers = Object.fromEntries(NUMBERS.map((name) => [name, template[name] ?? content[name]]))
  return { ...content, ...template, ...numbers }
}

/** What keeps the report from being signed; the server has the last word. */
export function missing(content: Content): ('rhythm' | 'conclusion')[] {
  return [
    ...(content.rhythm ? [] : (['rhythm'] as const)),
    ...(content.conclusion.trim() ? [] : (['conclusion'] as const)),
  ]
}

/** The read to go on with: my own begun ones first, then the head of the queue. The rows are in queue order. */
export function nextOf(rows: readonly ReadRow[], current: string): ReadRow | null {
  const others = rows.filter((row) => row.id !== current)
  const mine = others.find((row) => row.mine && (row.state === 'claimed' || row.state === 'draft'))
  return mine ?? others.find((row) => row.state === 'queued') ?? null
}
