import { useEffect, useRef, type RefObject } from 'react'
import type { Caliper } from './geometry'

/** What the fingers, the mouse and the wheel ask for, in window pixels. */
export interface Gestures {
  /** sideways (and, by touch, downwards) by pixels */
  onPan: (dx: number, dy: number) => void
  onWheel: (px: number) => void
  /** ctrl+wheel: +1 larger, −1 smaller */
  onGain: (step: 1 | -1) => void
  /** pinch: factor since the last call, about a point */
  onZoom: (factor: number, x: number, y: number) => void
  /** caliper dragged, window pixels; `begun` on its first point */
  onCaliper: (points: Caliper, begun: boolean) => void
  /** whether one finger measures instead of moving the paper */
  measuring: boolean
}

const WHEEL_LINE_PX = 24
const LEAST_DRAG_PX = 3

interface Point {
  x: number
  y: number
}

function pixels(event: WheelEvent): number {
  const delta = Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : event.deltaY
  return event.deltaMode === WheelEvent.DOM_DELTA_LINE ? delta * WHEEL_LINE_PX : delta
}

/** One finger or mouse button, until it is lifted. */
class Drag {
  private begun = false
  constructor(
    private readonly from: Point,
    private last: Point,
    private readonly measures: boolean,
  ) {}

  move(to: Point, gestures: Gestures): void {
    if (this.measures) {
      const far = Math.hypot(to.x - this.from.x, to.y - this.from.y) >= LEAST_DRAG_PX
      if (!this.begun && !far) return
      gestures.onCaliper({ x1: this.from.x, y1: this.from.y, x2: to.x, y2: to.y }, !this.begun)
      this.begun = true
    } else gestures.onPan(this.last.x - to.x, this.last.y - to.y)
    this.last = to
  }
}

function spread(points: Point[]): number {
  const [first, second] = points
  return first && second ? Math.hypot(first.x - second.x, first.y - second.y) : 0
}

function attach(element: HTMLElement, current: RefObject<Gestures>): () => void {
  const fingers = new Map<number, Point>()
  let drag: Drag | null = null
  let pinch = 0
  const at = (event: PointerEvent): Point => {
    const box = element.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }
  const down = (event: PointerEvent) => {
    if (event.pointerType === 'mouse' && event.button > 1) return
    element.setPointerCapture(event.pointerId)
    fingers.set(event.pointerId, at(event))
    pinch = spread([...fingers.values()])
    const mouse = event.pointerType !== 'touch'
    const measures = mouse ? event.button === 0 && !event.shiftKey : current.current.measuring
    drag = fingers.size === 1 ? new Drag(at(event), at(event), measures) : null
  }
  const move = (event: PointerEvent) => {
    if (!fingers.has(event.pointerId)) return
    const before = [...fingers.values()]
    fingers.set(event.pointerId, at(event))
    if (drag) {
      drag.move(at(event), current.current)
      return
    }
    const points = [...fingers.values()]
    const [first, second] = points
    if (!first || !second || pinch === 0) return
    const middle = { x: (first.x + second.x) / 2, y: (first.y + second.y) / 2 }
    const [a, b] = before
    if (a && b) current.current.onPan((a.x + b.x) / 2 - middle.x, (a.y + b.y) / 2 - middle.y)
    current.current.onZoom(spread(points) / pinch, middle.x, middle.y)
    pinch = spread(points)
  }
  const up = (event: PointerEvent) => {
    fingers.delete(event.pointerId)
    drag = null
    pinch = spread([...fingers.values()])
  }
  const wheel = (event: WheelEvent) => {
    event.preventDefault()
    const px = pixels(event)
    if (event.ctrlKey || event.metaKey) {
      if (px !== 0) current.current.onGain(px < 0 ? 1 : -1)
    } else if (event.shiftKey) current.current.onPan(0, px)
    else current.current.onWheel(px)
  }
  element.addEventListener('pointerdown', down)
  element.addEventListener('pointermove', move)
  element.addEventListener('pointerup', up)
  element.addEventListener('pointercancel', up)
  element.addEventListener('wheel', wheel, { passive: false })
  return () => {
    element.removeEventListener('pointerdown', down)
    element.removeEventListener('pointermove', move)
    element.removeEventListener('pointerup', up)
    element.removeEventListener('pointercancel', up)
    element.removeEventListener('wheel', wheel)
  }
}

/** Listen on an element; React's own wheel listener is passive and could not stop the page from scrolling. */
export function useGestures(target: RefObject<HTMLElement | null>, gestures: Gestures): void {
  const current = useRef(gestures)
  useEffect(() => {
    current.current = gestures
  })
  useEffect(() => (target.current ? attach(target.current, current) : undefined), [target])
}
