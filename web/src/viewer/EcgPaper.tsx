import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/useFormat'
import { paper } from '@/ui/tokens'
import { begin, drawCaliper, drawGrid, drawLabels, drawTraces, type Frame } from './draw'
import type { Tools } from './EcgViewer'
import styles from './EcgViewer.module.css'
import { BANDS, filter, type BandName } from './filters'
import { cellAt, layOut, measure, secondsToPx, type Scale, type Sheet } from './geometry'
import { paperKeys } from './keys'
import { NO_SAMPLE, type EcgSignal } from './normalForm'
import { useGestures } from './useGestures'
import { inside, otherGain, scrolled, zoomed, type Room, type View } from './view'

interface EcgPaperProps {
  signal: EcgSignal
  overlay: EcgSignal | undefined
  room: Room
  /** CSS pixels to the millimetre at true scale */
  pxPerMm: number
  view: View
  tools: Tools
  onView: (view: View) => void
  onTools: (tools: Partial<Tools>) => void
  onHelp: () => void
}

const OVERLAY_COLOUR = 'rgba(26, 95, 204, 0.55)'

function millivolts(signal: EcgSignal, band: BandName): Float32Array[] {
  return signal.samples.map((samples) => {
    const values = Float32Array.from(samples, (sample) =>
      sample === NO_SAMPLE ? Number.NaN : (sample * signal.microvoltsPerUnit) / 1000,
    )
    return filter(values, BANDS[band], signal.fs)
  })
}

/** Values of another recording in the order of this one's leads. */
function reordered(values: Float32Array[], from: EcgSignal, to: EcgSignal): Float32Array[] {
  return to.leads.map((lead) => values[from.leads.indexOf(lead)] ?? new Float32Array())
}

function frameOf(canvas: HTMLCanvasElement, room: Room, view: View): Frame | null {
  const ratio = window.devicePixelRatio
  const [width, height] = [Math.round(room.width * ratio), Math.round(room.height * ratio)]
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width
    canvas.height = height
  }
  const context = canvas.getContext('2d')
  return context && { context, width: room.width, height: room.height, x: view.x, y: view.y, ratio }
}

function useSheet({ signal, view, pxPerMm, room }: EcgPaperProps): { scale: Scale; sheet: Sheet; window: View } {
  const { layout, offset, speed, gain, zoom } = view
  const scale = useMemo(
    () => ({ pxPerMm: pxPerMm * zoom, mmPerSecond: speed, mmPerMillivolt: gain }),
    [pxPerMm, zoom, speed, gain],
  )
  const duration = (signal.samples[0]?.length ?? 0) / signal.fs
  const sheet = useMemo(
    () => layOut({ layout, leads: signal.leads, scale, duration, offset, room: room.height * zoom }),
    [layout, signal.leads, scale, duration, offset, room.height, zoom],
  )
  return { scale, sheet, window: inside(view, sheet, room) }
}

function usePaperCanvas(props: EcgPaperProps, scale: Scale, sheet: Sheet, view: View) {
  const { t } = useTranslation('viewer')
  const canvas = useRef<HTMLCanvasElement>(null)
  const { signal, overlay, room } = props
  const values = useMemo(() => millivolts(signal, view.band), [signal, view.band])
  const earlier = useMemo(
    () => overlay && reordered(millivolts(overlay, view.band), overlay, signal),
    [overlay, signal, view.band],
  )
  const footer = `${view.speed} mm/s   ${view.gain} mm/mV   ${
    view.band === 'off' ? t('unfiltered') : t('filtered', { band: t(view.band) })
  }`
  const absent = t('absent')
  useEffect(() => {
    const frame = canvas.current && frameOf(canvas.current, room, view)
    if (!frame) return
    begin(frame)
    drawGrid(frame, scale)
    if (earlier && overlay)
      drawTraces(frame, sheet, scale, { values: earlier, fs: overlay.fs, colour: OVERLAY_COLOUR })
    drawTraces(frame, sheet, scale, { values, fs: signal.fs, colour: paper.trace })
    drawLabels(frame, sheet, scale, { absent, derived: signal.derived ?? [], footer })
  }, [room, view, scale, sheet, values, earlier, overlay, signal, absent, footer])
  return canvas
}

function useCaliperCanvas({ tools, room }: EcgPaperProps, scale: Scale, sheet: Sheet, view: View) {
  const { t } = useTranslation('viewer')
  const format = useFormat()
  const canvas = useRef<HTMLCanvasElement>(null)
  const { caliper, march } = tools
  const found = caliper && measure(caliper, scale)
  const text = found
    ? t('measured', {
        ms: format.number(found.milliseconds),
        mv: format.number(found.millivolts, 2),
        rate: found.perMinute > 0 && found.perMinute < 1000 ? format.number(found.perMinute) : '—',
      })
    : ''
  useEffect(() => {
    const frame = canvas.current && frameOf(canvas.current, room, view)
    if (!frame) return
    begin(frame)
    if (!caliper) return
    const row = cellAt(sheet, caliper.x1, caliper.y1)
    const from = row?.x ?? 0
    drawCaliper(frame, caliper, text, march ? { from, to: from + (row?.width ?? room.width) } : null)
  }, [caliper, march, text, room, sheet, view])
  return { canvas, text }
}

/** Thin bars that say which part of a larger sheet is seen. */
function Position({ sheet, view, room }: { sheet: Sheet; view: View; room: Room }) {
  const percent = (part: number, whole: number) => `${(part / whole) * 100}%`
  return (
    <>
      {sheet.width > room.width + 1 && (
        <span
          className={styles.across}
          style={{ left: percent(view.x, sheet.width), width: percent(room.width, sheet.width) }}
        />
      )}
      {sheet.height > room.height + 1 && (
        <span
          className={styles.down}
          style={{ top: percent(view.y, sheet.height), height: percent(room.height, sheet.height) }}
        />
      )}
    </>
  )
}

/** The paper itself: two canvases, one for what changes seldom and one for the caliper, and all gestures. */
export function EcgPaper(props: EcgPaperProps) {
  const { t } = useTranslation('viewer')
  const { signal, room, tools, onView, onTools } = props
  const area = useRef<HTMLDivElement>(null)
  const { scale, sheet, window: view } = useSheet(props)
  const paperCanvas = usePaperCanvas(props, scale, sheet, view)
  const { canvas: caliperCanvas, text } = useCaliperCanvas(props, scale, sheet, view)
  const pxPerSecond = secondsToPx(1, scale)
  const anew = (next: View) => {
    onView(next)
    onTools({ caliper: null })
  }
  const scroll = (px: number) => {
    const next = scrolled(view, sheet, room, px, pxPerSecond)
    if (next.offset !== view.offset) anew(next)
    else onView(next)
  }

  useGestures(area, {
    measuring: tools.measuring,
    onPan: (dx, dy) => {
      const down = inside({ ...view, y: view.y + dy }, sheet, room)
      onView(dx === 0 ? down : { ...scrolled(down, sheet, room, dx, pxPerSecond), y: down.y })
    },
    onWheel: scroll,
    onGain: (step) => anew(otherGain(view, step)),
    onZoom: (factor, x, y) => anew(zoomed(view, factor, x, y)),
    onCaliper: ({ x1, y1, x2, y2 }) =>
      onTools({ caliper: { x1: x1 + view.x, y1: y1 + view.y, x2: x2 + view.x, y2: y2 + view.y } }),
  })

  const keys = paperKeys({ view, sheet, room, scale, fs: signal.fs, tools, anew, scroll, onView, onTools, onHelp: props.onHelp })

  return (
    // A drawing that is read with the keyboard: role "application" is what tells assistive software so.
    /* eslint-disable jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions */
    <div
      ref={area}
      className={styles.area}
      role="application"
      tabIndex={0}
      aria-label={t('label', {
        count: signal.leads.length,
        seconds: Math.round((signal.samples[0]?.length ?? 0) / signal.fs),
      })}
      data-testid="ecg-paper"
      data-px-per-mm={scale.pxPerMm}
      onKeyDown={(event) => {
        const action = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key]
        if (!action) return
        event.preventDefault()
        action(event)
      }}
    >
      <canvas ref={paperCanvas} className={styles.canvas} aria-hidden />
      <canvas ref={caliperCanvas} className={styles.canvas} aria-hidden />
      <Position sheet={sheet} view={view} room={room} />
      <span className="dk-quiet" role="status" data-testid="ecg-measure">
        {text}
      </span>
    </div>
    /* eslint-enable jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions */
  )
}
