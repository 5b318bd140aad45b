import { expect, it } from 'vitest'
import { nextQuarter } from './detail/proposal'
import { EMPTY, missing, type Draft } from './new/useNewConsult'

const patient = { id: 'p' } as unknown as NonNullable<Draft['patient']>

it('proposes the next full quarter of an hour', () => {
  const at = (text: string) => nextQuarter(Date.parse(text))
  expect(at('2026-11-23T06:01:00Z')).toBe('2026-11-23T06:15:00.000Z')
  expect(at('2026-11-23T06:15:00Z')).toBe('2026-11-23T06:15:00.000Z')
  expect(at('2026-11-23T23:59:59Z')).toBe('2026-11-24T00:00:00.000Z')
})

it('names what is still missing, one thing at a time, in the order of the page', () => {
  const steps: Partial<Draft>[] = [{}, { patient }, { unit: 'u' }, { summary: '胸闷' }, { question: ' ' }, { question: '转诊?' }]
  let draft: Draft = EMPTY
  const said = steps.map((step) => missing((draft = { ...draft, ...step })))
  expect(said).toEqual([
    'missing.patient',
    'missing.unit',
    'missing.summary',
    'missing.question',
    'missing.question',
    '',
  ])
})
