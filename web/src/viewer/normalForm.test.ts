import { describe, expect, it } from 'vitest'
import { BadEcg, parseNormalForm } from './normalForm'

const header = { leads: ['I', 'II'], sample_count: 3, sampling_frequency: 500, microvolts_per_unit: 2.5, filters: { high: 150 } }

function blob(fields: object, samples: number[], magic = 'DKECG01\n'): ArrayBuffer {
  let text = JSON.stringify(fields)
  text += ' '.repeat((4 - (text.length % 4)) % 4)
  const bytes = new Uint8Array(12 + text.length + samples.length * 2)
  const view = new DataView(bytes.buffer)
  bytes.set(new TextEncoder().encode(magic))
  view.setUint32(8, text.length, true)
  bytes.set(new TextEncoder().encode(text), 12)
  samples.forEach((value, index) => view.setInt16(12 + text.length + index * 2, value, true))
  return bytes.buffer
}

describe('normal form', () => {
  it('reads leads, scale and little-endian samples', () => {
    const signal = parseNormalForm(blob(header, [1, 2, 3, -1, -32768, 300]))
    expect(signal.leads).toEqual(['I', 'II'])
    expect([signal.fs, signal.microvoltsPerUnit, signal.deviceFilters?.high]).toEqual([500, 2.5, 150])
    expect(signal.samples.map((lead) => [...lead])).toEqual([
      [1, 2, 3],
      [-1, -32768, 300],
    ])
  })

  it.each([
    ['empty', new ArrayBuffer(0)],
    ['foreign', blob(header, [1, 2, 3, 4, 5, 6], 'DICM0000')],
    ['truncated', blob(header, [1, 2, 3, 4, 5, 6]).slice(0, -1)],
    ['one sample too many', blob(header, [1, 2, 3, 4, 5, 6, 7])],
    ['header longer than the file', blob(header, []).slice(0, 20)],
    ['no leads', blob({ ...header, leads: [] }, [])],
    ['impossible scale', blob({ ...header, microvolts_per_unit: 0 }, [1, 2, 3, 4, 5, 6])],
    ['impossible rate', blob({ ...header, sampling_frequency: 'x' }, [1, 2, 3, 4, 5, 6])],
  ])('refuses what is %s', (_, bytes) => {
    expect(() => parseNormalForm(bytes)).toThrow(BadEcg)
  })
})
