import { GAINS, LAYOUTS, SPEEDS, type Layout, type Sheet } from './geometry'
import type { BandName } from './filters'

/** How the recording is looked at. */
export interface View {
  layout: Layout
  speed: number
  gain: number
  band: BandName
  /** first second shown, where the layout cannot show all */
  offset: number
  /** top left of the window on the sheet, px */
  x: number
  y: number
  /** 1 is true scale */
  zoom: number
}

export interface Room {
  width: number
  height: number
}

export const LEAST_ZOOM = 0.5
export const GREATEST_ZOOM = 4

/** 12×1 on a narrow screen: one column needs no sideways search. */
export function firstView(room: Room): View {
  return {
    layout: room.width < 600 ? 'twelve-by-one' : 'three-by-four',
    speed: 25,
    gain: 10,
    band: 'off',
    offset: 0,
    x: 0,
    y: 0,
    zoom: 1,
  }
}

function clamp(value: number, least: number, greatest: number): number {
  return Math.min(Math.max(value, least), Math.max(least, greatest))
}

/** The view with its window inside the sheet. */
export function inside(view: View, sheet: Sheet, room: Room): View {
  return {
    ...view,
    x: clamp(view.x, 0, sheet.width - room.width),
    y: clamp(view.y, 0, sheet.height - room.height),
    offset: clamp(view.offset, 0, sheet.furthest),
  }
}

/** Move by pixels: first over the sheet, then through time, then, when neither can move, downwards. */
export function scrolled(view: View, sheet: Sheet, room: Room, px: number, pxPerSecond: number): View {
  const moved = inside({ ...view, x: view.x + px }, sheet, room)
  const rest = px - (moved.x - view.x)
  if (sheet.furthest > 0) return inside({ ...moved, offset: view.offset + rest / pxPerSecond }, sheet, room)
  if (sheet.width > room.width) return moved
  return inside({ ...moved, y: view.y + rest }, sheet, room)
}

function next<T>(list: readonly T[], now: T, step: number): T {
  const index = list.indexOf(now)
  return list[(index + step + list.length) % list.length] ?? now
}

export function nextLayout(view: View): View {
  return { ...view, layout: next(LAYOUTS, view.layout, 1), x: 0, y: 0, offset: 0 }
}

export function nextSpeed(view: View): View {
  return { ...view, speed: next<number>(SPEEDS, view.speed, 1) }
}

/** One gain up or down; stops at the ends. */
export function otherGain(view: View, step: 1 | -1): View {
  const index = GAINS.findIndex((gain) => gain === view.gain) + step
  return { ...view, gain: GAINS[index] ?? view.gain }
}

/** Magnified by a factor about a point of the window, within limits. */
export function zoomed(view: View, factor: number, x: number, y: number): View {
  const zoom = clamp(view.zoom * factor, LEAST_ZOOM, GREATEST_ZOOM)
  const real = zoom / view.zoom
  return { ...view, zoom, x: (view.x + x) * real - x, y: (view.y + y) * real - y }
}
