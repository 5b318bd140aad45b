/** Where everything lies on ECG paper. Pure: numbers in, numbers out. Lengths in CSS pixels unless named mm. */

export interface Scale {
  /** CSS pixels in one real millimetre of this screen */
  pxPerMm: number
  /** 25 or 50 */
  mmPerSecond: number
  /** 5, 10 or 20 */
  mmPerMillivolt: number
}

export const SPEEDS = [25, 50] as const
export const GAINS = [5, 10, 20] as const
export const LAYOUTS = ['three-by-four', 'six-by-two', 'twelve-by-one'] as const
export type Layout = (typeof LAYOUTS)[number]

/** CSS's own idea of a millimetre, 96 px to the inch, until the screen is calibrated. */
export const CSS_PX_PER_MM = 96 / 25.4
/** Width of a bank card, ISO/IEC 7810 ID-1. */
export const CARD_MM = 85.6
/** Width of the paper kept for the calibration pulse, which is 5 mm wide. */
export const PULSE_MM = 10
const RHYTHM = 'II'
const COLUMN_SECONDS = 2.5
const PAGE_SECONDS = 10
const LEAST_ROW_MM = 14
const EDGE_MM = 3

export function secondsToPx(seconds: number, scale: Scale): number {
  return seconds * scale.mmPerSecond * scale.pxPerMm
}

export function millivoltsToPx(millivolts: number, scale: Scale): number {
  return millivolts * scale.mmPerMillivolt * scale.pxPerMm
}

export function pxToSeconds(px: number, scale: Scale): number {
  return px / (scale.mmPerSecond * scale.pxPerMm)
}

export function pxToMillivolts(px: number, scale: Scale): number {
  return px / (scale.mmPerMillivolt * scale.pxPerMm)
}

/** One stretch of one lead on the paper. */
export interface Cell {
  lead: string
  /** index into the signal's leads; −1 when the lead was not recorded */
  index: number
  /** left edge and width of the stretch */
  x: number
  width: number
  /** top and height of the row, and its zero line */
  top: number
  height: number
  baseline: number
  /** seconds of the recording at the left edge, and how many are shown */
  start: number
  seconds: number
}

export interface Sheet {
  width: number
  height: number
  cells: Cell[]
  /** seconds that the time offset can still move */
  furthest: number
}

interface Grid {
  columns: string[][]
  rhythm: string | null
}

const LIMB = ['I', 'II', 'III']
const AUGMENTED = ['aVR', 'aVL', 'aVF']
const RIGHT = ['V1', 'V2', 'V3']
const LEFT = ['V4', 'V5', 'V6']

function gridOf(layout: Layout, leads: readonly string[]): Grid {
  const standard = [...LIMB, ...AUGMENTED, ...RIGHT, ...LEFT]
  const others = leads.filter((lead) => !standard.includes(lead))
  if (layout === 'twelve-by-one') {
    const present = standard.filter((lead) => leads.includes(lead))
    return { columns: [present.length >= 8 ? [...standard, ...others] : [...leads]], rhythm: null }
  }
  if (layout === 'six-by-two')
    return { columns: [[...LIMB, ...AUGMENTED], [...RIGHT, ...LEFT]], rhythm: null }
  return { columns: [LIMB, AUGMENTED, RIGHT, LEFT], rhythm: RHYTHM }
}

export interface SheetInput {
  layout: Layout
  leads: readonly string[]
  scale: Scale
  /** seconds of the recording */
  duration: number
  /** first second shown where the layout cannot show all */
  offset: number
  /** height that should be filled when rows need not be lower than 14 mm */
  room: number
}

/** The whole sheet, which may be larger than the window on it. */
export function layOut({ layout, leads, scale, duration, offset, room }: SheetInput): Sheet {
  const grid = gridOf(layout, leads)
  const count = grid.columns.length
  const page = layout === 'twelve-by-one' ? duration : Math.min(duration, PAGE_SECONDS)
  const columnSeconds = count === 1 ? page : Math.min(COLUMN_SECONDS * (4 / count), page / count)
  const furthest = Math.max(0, duration - page)
  const start = Math.min(Math.max(0, offset), furthest)
  const edge = EDGE_MM * scale.pxPerMm
  const rows = (grid.columns[0]?.length ?? 0) + (grid.rhythm ? 1 : 0)
  const least = LEAST_ROW_MM * scale.pxPerMm
  const height = Math.max(least, (room - 2 * edge) / Math.max(1, rows))
  const left = PULSE_MM * scale.pxPerMm
  const columnWidth = secondsToPx(columnSeconds, scale)
  const cell = (lead: string, row: number, column: number, seconds: number): Cell => ({
    lead,
    index: leads.indexOf(lead),
    x: left + column * columnWidth,
    width: secondsToPx(seconds, scale),
    top: edge + row * height,
    height,
    baseline: edge + (row + 0.5) * height,
    start: start + column * columnSeconds,
    seconds,
  })
  const cells = grid.columns.flatMap((names, column) =>
    names.map((lead, row) => cell(lead, row, column, columnSeconds)),
  )
  if (grid.rhythm) cells.push(cell(grid.rhythm, rows - 1, 0, page))
  return {
    width: left + secondsToPx(page, scale) + edge,
    height: Math.max(room, rows * height + 2 * edge),
    cells,
    furthest,
  }
}

/** The cell under a point of the sheet, or the nearest in its row. */
export function cellAt(sheet: Sheet, x: number, y: number): Cell | undefined {
  const inside = (cell: Cell) => y >= cell.top && y < cell.top + cell.height
  return (
    sheet.cells.find((cell) => inside(cell) && x >= cell.x && x < cell.x + cell.width) ??
    sheet.cells.find(inside)
  )
}

/** Two points on the paper, in sheet pixels. */
export interface Caliper {
  x1: number
  y1: number
  x2: number
  y2: number
}

export interface Measure {
  milliseconds: number
  millivolts: number
  /** beats a minute if the distance is one beat; 0 for no distance */
  perMinute: number
}

/** What a caliper spans; upward is positive. */
export function measure(caliper: Caliper, scale: Scale): Measure {
  const milliseconds = Math.abs(pxToSeconds(caliper.x2 - caliper.x1, scale)) * 1000
  return {
    milliseconds,
    millivolts: pxToMillivolts(caliper.y1 - caliper.y2, scale),
    perMinute: milliseconds > 0 ? 60_000 / milliseconds : 0,
  }
}

/** Positions of a march-out: the caliper's distance repeated over a stretch, both ways. */
export function marchOut(caliper: Caliper, from: number, to: number): number[] {
  const step = Math.abs(caliper.x2 - caliper.x1)
  const first = Math.min(caliper.x1, caliper.x2)
  if (step < 2) return []
  const begin = first - Math.floor((first - from) / step) * step
  return Array.from({ length: Math.max(0, Math.floor((to - begin) / step) + 1) }, (_, index) => begin + index * step)
}

/** First, least, greatest and last value of the samples of each pixel column. */
export interface Columns {
  first: Float32Array
  least: Float32Array
  greatest: Float32Array
  last: Float32Array
}

/**
 * `count` columns of `perColumn` samples each from sample `from`. No spike is lost however many samples share a
 * column. NaN where the column has no sample.
 */
export function decimate(values: ArrayLike<number>, from: number, perColumn: number, count: number): Columns {
  const make = () => new Float32Array(count).fill(Number.NaN)
  const columns: Columns = { first: make(), least: make(), greatest: make(), last: make() }
  for (let column = 0; column < count; column += 1) {
    const begin = Math.max(0, Math.ceil(from + column * perColumn))
    const end = Math.min(values.length, Math.ceil(from + (column + 1) * perColumn))
    for (let index = begin; index < end; index += 1) {
      const value = values[index] ?? Number.NaN
      if (Number.isNaN(value)) continue
      if (Number.isNaN(columns.first[column] ?? Number.NaN)) columns.first[column] = value
      if (!(value >= (columns.least[column] ?? Number.NaN))) columns.least[column] = value
      if (!(value <= (columns.greatest[column] ?? Number.NaN))) columns.greatest[column] = value
      columns.last[column] = value
    }
  }
  return columns
}
