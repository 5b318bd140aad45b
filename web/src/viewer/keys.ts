import type { KeyboardEvent } from 'react'
import type { Tools } from './EcgViewer'
import { BANDS, type BandName } from './filters'
import { cellAt, secondsToPx, type Caliper, type Scale, type Sheet } from './geometry'
import { inside, nextLayout, nextSpeed, otherGain, type Room, type View } from './view'

const KEY_SECONDS = 0.2
const KEY_DOWN_PX = 24

function moved(caliper: Caliper, dx: number, dy: number, whole: boolean): Caliper {
  const { x1, y1, x2, y2 } = caliper
  return whole
    ? { x1: x1 + dx, y1: y1 + dy, x2: x2 + dx, y2: y2 + dy }
    : { x1, y1, x2: x2 + dx, y2: y2 + dy }
}

/** A caliper of one large square in the middle of the window, to be moved by the keys. */
function middle(sheet: Sheet, view: View, room: Room, scale: Scale): Caliper {
  const x = view.x + room.width / 2
  const y = cellAt(sheet, x, view.y + room.height / 3)?.baseline ?? view.y + room.height / 3
  const square = 5 * scale.pxPerMm
  return { x1: x - square, y1: y, x2: x, y2: y - square }
}

export interface KeyContext {
  view: View
  sheet: Sheet
  room: Room
  scale: Scale
  fs: number
  tools: Tools
  /** show it otherwise, without the caliper */
  anew: (view: View) => void
  scroll: (px: number) => void
  onView: (view: View) => void
  onTools: (tools: Partial<Tools>) => void
  onHelp: () => void
}

function nextBand(band: BandName): BandName {
  const names = Object.keys(BANDS) as BandName[]
  return names[(names.indexOf(band) + 1) % names.length] ?? 'off'
}

/** Arrows move the caliper when there is one, else the paper. */
function arrow(context: KeyContext, dx: number, dy: number, whole: boolean): void {
  const { view, sheet, room, scale, fs, tools } = context
  const pxPerSecond = secondsToPx(1, scale)
  // One press moves by one sample, or by a device pixel where samples lie closer than that.
  const step = Math.max(1 / devicePixelRatio, pxPerSecond / fs)
  if (tools.caliper) context.onTools({ caliper: moved(tools.caliper, dx * step, dy / devicePixelRatio, whole) })
  else if (dx !== 0) context.scroll(dx * KEY_SECONDS * pxPerSecond)
  else context.onView(inside({ ...view, y: view.y + dy * KEY_DOWN_PX }, sheet, room))
}

/** What each key does on the paper. */
export function paperKeys(context: KeyContext): Partial<Record<string, (event: KeyboardEvent) => void>> {
  const { view, sheet, room, scale, tools, anew, onTools } = context
  return {
    ' ': () => anew(nextLayout(view)),
    ArrowLeft: (event) => arrow(context, -1, 0, event.shiftKey),
    ArrowRight: (event) => arrow(context, 1, 0, event.shiftKey),
    ArrowUp: (event) => arrow(context, 0, -1, event.shiftKey),
    ArrowDown: (event) => arrow(context, 0, 1, event.shiftKey),
    '+': () => anew(otherGain(view, 1)),
    '=': () => anew(otherGain(view, 1)),
    '-': () => anew(otherGain(view, -1)),
    s: () => anew(nextSpeed(view)),
    f: () => anew({ ...view, band: nextBand(view.band) }),
    c: () => onTools({ caliper: tools.caliper ? null : middle(sheet, view, room, scale) }),
    m: () => onTools({ march: !tools.march }),
    o: () => onTools({ overlay: !tools.overlay }),
    '0': () => anew({ ...view, zoom: 1 }),
    Escape: () => onTools({ caliper: null }),
    '?': context.onHelp,
  }
}
