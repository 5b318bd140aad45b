/**
 * The server's normal form of an ECG, little-endian: `DKECG01\n`, uint32 length of the header, the header as
 * JSON padded to 4 bytes, then int16 samples, lead after lead.
 */

/** What the viewer draws. A sample times `microvoltsPerUnit` is microvolts; `NO_SAMPLE` is a gap. */
export interface EcgSignal {
  leads: readonly string[]
  /** samples a second */
  fs: number
  microvoltsPerUnit: number
  /** one array for each lead, all of one length */
  samples: readonly Int16Array[]
  /** leads computed from I and II */
  derived?: readonly string[]
  /** cut-offs in Hz that the device applied already */
  deviceFilters?: { low?: number; high?: number; notch?: number }
}

export const NO_SAMPLE = -32768

const MAGIC = 'DKECG01\n'
const LONGEST_HEADER = 1 << 20

/** Bytes that are not the normal form. The message says which check failed. */
export class BadEcg extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'BadEcg'
  }
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BadEcg('header is no object')
  return value as Record<string, unknown>
}

function positive(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) throw new BadEcg(`impossible ${name}`)
  return value
}

function texts(value: unknown, name: string): string[] {
  if (!Array.isArray(value)) throw new BadEcg(`${name} is no list`)
  return value.map(String)
}

function readHeader(bytes: Uint8Array): Record<string, unknown> {
  try {
    return record(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
  } catch (error) {
    if (error instanceof BadEcg) throw error
    throw new BadEcg('header is no JSON')
  }
}

function filters(value: unknown): EcgSignal['deviceFilters'] {
  const found = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  const of = (name: string) => (typeof found[name] === 'number' ? { [name]: found[name] } : {})
  return { ...of('low'), ...of('high'), ...of('notch') }
}

/** The recording in a blob. Throws `BadEcg`. */
export function parseNormalForm(blob: ArrayBuffer): EcgSignal {
  if (blob.byteLength < 12) throw new BadEcg('too short')
  const magic = String.fromCharCode(...new Uint8Array(blob, 0, 8))
  if (magic !== MAGIC) throw new BadEcg('wrong magic')
  const length = new DataView(blob).getUint32(8, true)
  if (length > LONGEST_HEADER || 12 + length > blob.byteLength) throw new BadEcg('header too long')
  const header = readHeader(new Uint8Array(blob, 12, length))
  const leads = texts(header.leads, 'leads')
  const count = positive(header.sample_count, 'sample count')
  const fs = positive(header.sampling_frequency, 'sampling frequency')
  const microvoltsPerUnit = positive(header.microvolts_per_unit, 'scale')
  if (leads.length === 0 || blob.byteLength - 12 - length !== leads.length * count * 2)
    throw new BadEcg('samples do not fit the header')
  const view = new DataView(blob, 12 + length)
  const samples = leads.map((_, lead) =>
    Int16Array.from({ length: count }, (__, index) => view.getInt16((lead * count + index) * 2, true)),
  )
  return {
    leads,
    fs,
    microvoltsPerUnit,
    samples,
    derived: Array.isArray(header.derived) ? header.derived.map(String) : [],
    deviceFilters: filters(header.filters) ?? {},
  }
}
