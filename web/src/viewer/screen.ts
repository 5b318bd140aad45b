import { useCallback, useSyncExternalStore } from 'react'
import { CSS_PX_PER_MM } from './geometry'

/**
 * Real size of this screen's pixels. Device pixels to the millimetre are kept, because CSS pixels change with the
 * browser's zoom; they are kept by the screen's device resolution, because a laptop also drives other screens.
 */

const PREFIX = 'duikou.screen.'
const CHANGED = 'duikou-screen-calibrated'
/** A phone has about 18 device pixels to the millimetre, a wall display about 1. */
const LEAST = 0.8
const GREATEST = 40

function key(): string {
  const ratio = window.devicePixelRatio
  return `${PREFIX}${Math.round(screen.width * ratio)}x${Math.round(screen.height * ratio)}`
}

function stored(): number | null {
  try {
    const value = Number(localStorage.getItem(key()))
    return value >= LEAST && value <= GREATEST ? value : null
  } catch {
    return null
  }
}

export interface ScreenScale {
  /** CSS pixels to the millimetre */
  pxPerMm: number
  calibrated: boolean
}

function subscribe(changed: () => void): () => void {
  window.addEventListener(CHANGED, changed)
  window.addEventListener('resize', changed)
  return () => {
    window.removeEventListener(CHANGED, changed)
    window.removeEventListener('resize', changed)
  }
}

/** Remember what was measured against a card or a ruler; null forgets it. */
export function calibrate(cssPxPerMm: number | null): void {
  try {
    if (cssPxPerMm === null) localStorage.removeItem(key())
    else localStorage.setItem(key(), String(cssPxPerMm * window.devicePixelRatio))
  } catch {
    // Without storage the paper stays at the browser's own millimetre and says so.
  }
  window.dispatchEvent(new Event(CHANGED))
}

/** The scale of this screen, renewed when it is calibrated, zoomed or changed. */
export function useScreenScale(): ScreenScale {
  const devicePx = useSyncExternalStore(subscribe, stored)
  const ratio = useSyncExternalStore(
    subscribe,
    useCallback(() => window.devicePixelRatio, []),
  )
  return devicePx === null
    ? { pxPerMm: CSS_PX_PER_MM, calibrated: false }
    : { pxPerMm: devicePx / ratio, calibrated: true }
}
