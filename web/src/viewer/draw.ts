import { paper } from '@/ui/tokens'
import {
  decimate,
  marchOut,
  millivoltsToPx,
  secondsToPx,
  type Caliper,
  type Cell,
  type Scale,
  type Sheet,
} from './geometry'

/** What one drawing needs: the window on the sheet (`x`, `y` its top left), and device pixels to a CSS pixel. */
export interface Frame {
  context: CanvasRenderingContext2D
  width: number
  height: number
  x: number
  y: number
  ratio: number
}

const PULSE_LEFT_MM = 2
const PULSE_WIDTH_MM = 5
const LABEL = '600 14px system-ui, sans-serif'
const SMALL = '12px system-ui, sans-serif'

/** Clear the canvas and set it up so that all that follows is in CSS pixels. */
export function begin({ context, width, height, ratio }: Frame): void {
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, width, height)
}

function gridLines(frame: Frame, step: number, from: number, to: number, each: (at: number) => void): void {
  // Lines begin at whole device pixels, so that they are equally sharp.
  const first = Math.ceil(from / step)
  const last = Math.floor(to / step)
  for (let index = first; index <= last; index += 1)
    each(Math.round((index * step - from) * frame.ratio) / frame.ratio)
}

/** Pink paper with its 1 mm and 5 mm lines, over the whole window. */
export function drawGrid(frame: Frame, scale: Scale): void {
  const { context, width, height, x, y, ratio } = frame
  context.fillStyle = paper.ground
  context.fillRect(0, 0, width, height)
  const lines = (millimetres: number, colour: string, thick: number) => {
    const step = millimetres * scale.pxPerMm
    context.fillStyle = colour
    gridLines(frame, step, x, x + width, (at) => context.fillRect(at, 0, thick, height))
    gridLines(frame, step, y, y + height, (at) => context.fillRect(0, at, width, thick))
  }
  if (scale.pxPerMm >= 2) lines(1, paper.minor, 1 / ratio)
  lines(5, paper.major, Math.max(1, Math.round(ratio)) / ratio)
}

function drawPulse(frame: Frame, cell: Cell, scale: Scale): void {
  const { context } = frame
  const left = PULSE_LEFT_MM * scale.pxPerMm - frame.x
  const wide = PULSE_WIDTH_MM * scale.pxPerMm
  const zero = cell.baseline - frame.y
  const top = zero - millivoltsToPx(1, scale)
  context.beginPath()
  context.moveTo(left - scale.pxPerMm, zero)
  for (const [px, py] of [
    [left, zero],
    [left, top],
    [left + wide, top],
    [left + wide, zero],
    [left + wide + scale.pxPerMm, zero],
  ] as const)
    context.lineTo(px, py)
  context.stroke()
}

/** The samples of one cell as a line; several samples in one device pixel keep their extremes. */
function traceLine(frame: Frame, cell: Cell, values: Float32Array, fs: number, scale: Scale): void {
  const { context, ratio } = frame
  const zero = cell.baseline - frame.y
  const left = cell.x - frame.x
  const perColumn = fs / (secondsToPx(1, scale) * ratio)
  const height = (value: number) => zero - millivoltsToPx(value, scale)
  context.beginPath()
  let pen = false
  const to = (px: number, value: number) => {
    if (Number.isNaN(value)) pen = false
    else if (pen) context.lineTo(px, height(value))
    else {
      context.moveTo(px, height(value))
      pen = true
    }
  }
  const end = Math.min(values.length, Math.ceil((cell.start + cell.seconds) * fs))
  if (perColumn < 1) {
    for (let index = Math.ceil(cell.start * fs); index < end; index += 1)
      to(left + secondsToPx(index / fs - cell.start, scale), values[index] ?? Number.NaN)
  } else {
    const count = Math.ceil((end - cell.start * fs) / perColumn)
    const columns = decimate(values, cell.start * fs, perColumn, count)
    for (let column = 0; column < count; column += 1) {
      const px = left + (column + 0.5) / ratio
      to(px, columns.first[column] ?? Number.NaN)
      to(px, columns.least[column] ?? Number.NaN)
      to(px, columns.greatest[column] ?? Number.NaN)
      to(px, columns.last[column] ?? Number.NaN)
    }
  }
  context.stroke()
}

export interface Traces {
  /** millivolts, one array for each lead of the sheet's cells; NaN is a gap */
  values: readonly Float32Array[]
  fs: number
  colour: string
}

function visible(frame: Frame, cell: Cell): boolean {
  return cell.x + cell.width > frame.x && cell.x < frame.x + frame.width
}

/** The recorded lines of all cells. */
export function drawTraces(frame: Frame, sheet: Sheet, scale: Scale, traces: Traces): void {
  const { context } = frame
  context.strokeStyle = traces.colour
  context.lineWidth = Math.max(1.1, 0.28 * scale.pxPerMm)
  context.lineJoin = 'round'
  for (const cell of sheet.cells) {
    const values = traces.values[cell.index]
    if (values && visible(frame, cell)) traceLine(frame, cell, values, traces.fs, scale)
  }
}

export interface Labels {
  absent: string
  derived: readonly string[]
  /** "25 mm/s 10 mm/mV 0.05–150 Hz", printed on the paper */
  footer: string
}

/** Lead names, calibration pulses, seconds, and what the paper's scale is. */
export function drawLabels(frame: Frame, sheet: Sheet, scale: Scale, labels: Labels): void {
  const { context, x, y } = frame
  context.strokeStyle = paper.trace
  context.fillStyle = paper.label
  context.lineWidth = 1.1
  const rows = new Map<number, Cell>()
  for (const cell of sheet.cells) {
    if (!rows.has(cell.top)) rows.set(cell.top, cell)
    if (!visible(frame, cell)) continue
    const px = cell.x - x + 4
    context.font = LABEL
    context.fillText(cell.lead, px, cell.top - y + 14)
    if (cell.index < 0) {
      context.font = SMALL
      context.fillText(labels.absent, px, cell.baseline - y)
    } else if (labels.derived.includes(cell.lead)) {
      const wide = context.measureText(cell.lead).width
      context.font = SMALL
      context.fillText('*', px + wide + 2, cell.top - y + 12)
    }
    context.fillRect(cell.x - x, cell.baseline - y - scale.pxPerMm * 2.5, 1, scale.pxPerMm * 5)
  }
  for (const cell of rows.values()) drawPulse(frame, cell, scale)
  drawSeconds(frame, sheet, scale)
  context.font = SMALL
  const wide = context.measureText(labels.footer).width
  context.fillStyle = paper.ground
  context.fillRect(0, frame.height - 20, wide + 16, 20)
  context.fillStyle = paper.label
  context.fillText(labels.footer, 8, frame.height - 6)
}

function drawSeconds(frame: Frame, sheet: Sheet, scale: Scale): void {
  const { context, x, height } = frame
  const first = sheet.cells[0]
  const right = Math.max(...sheet.cells.map((cell) => cell.x + cell.width))
  if (!first) return
  context.font = SMALL
  const second = secondsToPx(1, scale)
  for (let at = Math.ceil(first.start); ; at += 1) {
    const px = first.x + (at - first.start) * second
    if (px > right + 1) break
    const left = px - x
    if (left < 190 || left > frame.width - 24) continue
    context.fillRect(left, height - 6, 1, 6)
    context.fillText(`${at} s`, left + 3, height - 6)
  }
}

/** The caliper with its march-out, on a canvas of its own. */
export function drawCaliper(frame: Frame, caliper: Caliper, text: string, march: { from: number; to: number } | null) {
  const { context, x, y, width, height } = frame
  context.strokeStyle = paper.caliper
  context.fillStyle = paper.caliper
  context.lineWidth = 1
  const line = (x1: number, y1: number, x2: number, y2: number) => {
    context.beginPath()
    context.moveTo(x1 - x, y1 - y)
    context.lineTo(x2 - x, y2 - y)
    context.stroke()
  }
  if (march) {
    context.setLineDash([3, 3])
    for (const at of marchOut(caliper, march.from, march.to)) line(at, y, at, y + height)
    context.setLineDash([])
  }
  line(caliper.x1, y, caliper.x1, y + height)
  line(caliper.x2, y, caliper.x2, y + height)
  line(caliper.x1, caliper.y1, caliper.x2, caliper.y1)
  line(caliper.x1, caliper.y2, caliper.x2, caliper.y2)
  context.font = LABEL
  const wide = context.measureText(text).width + 16
  const left = Math.min(Math.max(4, caliper.x2 - x + 8), Math.max(4, width - wide - 4))
  const top = Math.min(Math.max(4, caliper.y2 - y - 32), height - 52)
  context.fillRect(left, top, wide, 26)
  context.fillStyle = '#fff'
  context.fillText(text, left + 8, top + 18)
}
