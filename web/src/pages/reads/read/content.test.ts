// @vitest-environment node
import { describe, expect, it } from 'vitest'
import type { ReadRow } from '../data'
import { EMPTY, fromDevice, missing, nextOf, withTemplate } from './content'

const row = (id: string, state: ReadRow['state'], mine = false) => ({ id, state, mine }) as ReadRow

describe('the content of a report', () => {
  it('begins with the rounded values of the device', () => {
    const device = {
      rate_bpm: 61.4,
      pr_ms: 161.6,
      qrs_ms: null,
      qt_ms: 368,
      qtc_ms: 370,
      rr_ms: 980,
      p_axis_degrees: 40,
      qrs_axis_degrees: -12.5,
      t_axis_degrees: null,
      statements: ['Normal'],
    }
    expect(fromDevice(device)).toEqual({
      ...EMPTY,
      rate_bpm: 61,
      pr_ms: 162,
      qrs_ms: null,
      qt_ms: 368,
      qtc_ms: 370,
      axis_degrees: -12,
    })
  })

  it('takes the words of a template and keeps the measured numbers', () => {
    const template = { ...EMPTY, rhythm: 'sinus', findings: ['normal_ecg'], conclusion: '正常心电图' }
    const before = { ...EMPTY, rate_bpm: 61, conclusion: '草稿', findings: ['x'] }
    expect(withTemplate(before, template)).toEqual({ ...template, rate_bpm: 61 })
    expect(withTemplate(before, { ...template, rate_bpm: 40 }).rate_bpm).toBe(40)
  })

  it('needs rhythm and conclusion', () => {
    expect(missing(EMPTY)).toEqual(['rhythm', 'conclusion'])
    expect(missing({ ...EMPTY, rhythm: 'sinus', conclusion: ' \n' })).toEqual(['conclusion'])
    expect(missing({ ...EMPTY, rhythm: 'sinus', conclusion: '正常' })).toEqual([])
  })
})

describe('the next read', () => {
  it('is my own begun one, else the head of the queue, never the present one', () => {
    const rows = [row('a', 'queued'), row('b', 'claimed'), row('c', 'draft', true), row('d', 'queued')]
    expect(nextOf(rows, 'x')?.id).toBe('c')
    expect(nextOf(rows, 'c')?.id).toBe('a')
    expect(nextOf(rows.slice(1, 3), 'c')).toBeNull()
    expect(nextOf([row('a', 'signed', true)], 'x')).toBeNull()
  })
})
