import { describe, expect, it } from 'vitest'
import {
  cellAt,
  CSS_PX_PER_MM,
  decimate,
  GAINS,
  layOut,
  marchOut,
  measure,
  millivoltsToPx,
  pxToMillivolts,
  pxToSeconds,
  secondsToPx,
  SPEEDS,
  type Scale,
} from './geometry'

const LEADS = ['I', 'II', 'III', 'aVR', 'aVL', 'aVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6']
const scale: Scale = { pxPerMm: 4, mmPerSecond: 25, mmPerMillivolt: 10 }
const input = { leads: LEADS, scale, duration: 10, offset: 0, room: 800 }

describe('true scale', () => {
  it.each([CSS_PX_PER_MM, 4, 6.3, 11.25])('at %f px/mm one second and one millivolt have their millimetres', (pxPerMm) => {
    for (const mmPerSecond of SPEEDS)
      for (const mmPerMillivolt of GAINS) {
        const each = { pxPerMm, mmPerSecond, mmPerMillivolt }
        expect(secondsToPx(1, each) / pxPerMm).toBeCloseTo(mmPerSecond, 10)
        expect(millivoltsToPx(1, each) / pxPerMm).toBeCloseTo(mmPerMillivolt, 10)
        expect(pxToSeconds(secondsToPx(0.4, each), each)).toBeCloseTo(0.4, 12)
        expect(pxToMillivolts(millivoltsToPx(-1.3, each), each)).toBeCloseTo(-1.3, 12)
      }
  })

  it('draws 1 mV as exactly 10 mm at standard gain', () => {
    expect(millivoltsToPx(1, scale)).toBe(10 * scale.pxPerMm)
  })
})

describe('layouts', () => {
  it('3×4 shows 2.5 s of each lead, one after the other, above 10 s of II', () => {
    const sheet = layOut({ ...input, layout: 'three-by-four' })
    expect(sheet.cells).toHaveLength(13)
    const starts = Object.fromEntries(sheet.cells.slice(0, 12).map((cell) => [cell.lead, cell.start]))
    expect(starts).toEqual({
      ...{ I: 0, II: 0, III: 0, aVR: 2.5, aVL: 2.5, aVF: 2.5 },
      ...{ V1: 5, V2: 5, V3: 5, V4: 7.5, V5: 7.5, V6: 7.5 },
    })
    const rhythm = sheet.cells[12]
    expect([rhythm?.lead, rhythm?.start, rhythm?.seconds, rhythm?.width]).toEqual(['II', 0, 10, 1000])
    expect(sheet.cells.every((cell) => cell.width === cell.seconds * 100)).toBe(true)
  })

  it('6×2 shows 5 s in two columns, 12×1 everything in one', () => {
    const two = layOut({ ...input, layout: 'six-by-two' })
    expect(two.cells.map((cell) => cell.seconds)).toEqual(Array(12).fill(5))
    expect(two.cells.find((cell) => cell.lead === 'V1')?.start).toBe(5)
    const one = layOut({ ...input, layout: 'twelve-by-one', duration: 30 })
    expect(one.cells.map((cell) => [cell.lead, cell.seconds])).toEqual(LEADS.map((lead) => [lead, 30]))
    expect(one.furthest).toBe(0)
  })

  it('moves through a long recording without running over its end', () => {
    const sheet = layOut({ ...input, layout: 'three-by-four', duration: 30, offset: 99 })
    expect(sheet.furthest).toBe(20)
    expect(Math.max(...sheet.cells.map((cell) => cell.start + cell.seconds))).toBe(30)
  })

  it('shares a recording shorter than a page between the columns', () => {
    const sheet = layOut({ ...input, layout: 'three-by-four', duration: 4 })
    expect(sheet.cells.map((cell) => cell.start + cell.seconds)).toEqual([
      ...[1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4],
      4,
    ])
  })

  it('keeps the place of a lead that was not recorded', () => {
    const sheet = layOut({ ...input, leads: LEADS.filter((lead) => lead !== 'V3'), layout: 'six-by-two' })
    expect(sheet.cells.find((cell) => cell.lead === 'V3')?.index).toBe(-1)
    expect(sheet.cells.find((cell) => cell.lead === 'V4')?.index).toBe(8)
  })

  it('makes rows no lower than 14 mm, so that a small screen scrolls', () => {
    const sheet = layOut({ ...input, layout: 'twelve-by-one', room: 100 })
    expect(sheet.cells.every((cell) => cell.height === 56)).toBe(true)
    expect(sheet.height).toBe(12 * 56 + 24)
  })

  it('finds the cell under the pointer', () => {
    const sheet = layOut({ ...input, layout: 'three-by-four' })
    for (const cell of sheet.cells)
      expect(cellAt(sheet, cell.x + 1, cell.baseline)?.lead).toBe(cell.lead)
    expect(cellAt(sheet, 5, -5)).toBeUndefined()
  })
})

describe('calipers', () => {
  it('measures ms, mV upward, and beats a minute', () => {
    expect(measure({ x1: 100, y1: 200, x2: 180, y2: 160 }, scale)).toEqual({
      milliseconds: 800,
      millivolts: 1,
      perMinute: 75,
    })
    expect(measure({ x1: 5, y1: 0, x2: 5, y2: 0 }, scale).perMinute).toBe(0)
  })

  it('marches out both ways and never without a distance', () => {
    expect(marchOut({ x1: 50, y1: 0, x2: 70, y2: 0 }, 0, 100)).toEqual([10, 30, 50, 70, 90])
    expect(marchOut({ x1: 50, y1: 0, x2: 50, y2: 0 }, 0, 100)).toEqual([])
  })
})

describe('decimation', () => {
  it('keeps every spike at any reduction', () => {
    const values = new Float32Array(5000)
    const spikes = [0, 17, 999, 2500, 4999]
    spikes.forEach((at, order) => {
      values[at] = order % 2 ? -500 : 700
    })
    for (const perColumn of [1, 2.5, 3.7, 13.3, 71]) {
      const { least, greatest } = decimate(values, 0, perColumn, Math.ceil(5000 / perColumn))
      spikes.forEach((at, order) => {
        const column = Math.floor(at / perColumn)
        expect(order % 2 ? least[column] : greatest[column]).toBe(order % 2 ? -500 : 700)
      })
    }
  })

  it('uses each sample once and leaves gaps empty', () => {
    const { first, last, least } = decimate([1, 2, Number.NaN, Number.NaN, 5, 6], 0, 2, 4)
    expect([...first]).toEqual([1, Number.NaN, 5, Number.NaN])
    expect([...last]).toEqual([2, Number.NaN, 6, Number.NaN])
    expect([...least]).toEqual([1, Number.NaN, 5, Number.NaN])
  })
})
