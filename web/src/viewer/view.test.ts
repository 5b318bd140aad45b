import { expect, it } from 'vitest'
import { layOut } from './geometry'
import { firstView, inside, nextLayout, otherGain, scrolled, zoomed } from './view'

const room = { width: 500, height: 400 }
const scale = { pxPerMm: 4, mmPerSecond: 25, mmPerMillivolt: 10 }
const leads = ['I', 'II', 'III', 'aVR', 'aVL', 'aVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6']
const sheetFor = (duration: number) =>
  layOut({ layout: 'three-by-four', leads, scale, duration, offset: 0, room: 400 })

it('scrolls over the sheet first and then through time, and stops at the end', () => {
  const sheet = sheetFor(30)
  const start = firstView({ width: 1200, height: 400 })
  const edge = scrolled(start, sheet, room, sheet.width - room.width, 100)
  expect([edge.x, edge.offset]).toEqual([sheet.width - room.width, 0])
  const later = scrolled(edge, sheet, room, 300, 100)
  expect([later.x, later.offset]).toEqual([edge.x, 3])
  expect(scrolled(later, sheet, room, 1e6, 100).offset).toBe(20)
})

it('keeps the window inside a sheet smaller than it', () => {
  const view = inside({ ...firstView(room), x: 900, y: 900 }, sheetFor(10), { width: 5000, height: 5000 })
  expect([view.x, view.y]).toEqual([0, 0])
})

it('goes round the layouts and back to the start of the recording', () => {
  const view = { ...firstView({ width: 1200, height: 400 }), offset: 5, x: 100 }
  const seen = [view, nextLayout(view), nextLayout(nextLayout(view)), nextLayout(nextLayout(nextLayout(view)))]
  expect(seen.map((each) => each.layout)).toEqual(['three-by-four', 'six-by-two', 'twelve-by-one', 'three-by-four'])
  expect([seen[1]?.offset, seen[1]?.x]).toEqual([0, 0])
})

it('stops at the lowest and the highest gain', () => {
  const view = firstView(room)
  expect([otherGain(view, 1).gain, otherGain(otherGain(view, 1), 1).gain]).toEqual([20, 20])
  expect([otherGain(view, -1).gain, otherGain(otherGain(view, -1), -1).gain]).toEqual([5, 5])
})

it('magnifies about the finger and within limits', () => {
  const view = { ...firstView(room), x: 100, y: 50 }
  const twice = zoomed(view, 2, 30, 20)
  expect([twice.zoom, (twice.x + 30) / 2, (twice.y + 20) / 2]).toEqual([2, 130, 70])
  expect(zoomed(view, 100, 0, 0).zoom).toBe(4)
  expect(zoomed(view, 0.01, 0, 0).zoom).toBe(0.5)
})
