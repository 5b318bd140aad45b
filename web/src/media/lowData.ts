/** How much of the line a person lets the pictures have; remembered on this device. Pure but for the memory. */

export const MODES = ['auto', 'voice_first', 'voice_only', 'send_only'] as const
export type Mode = (typeof MODES)[number]

export interface Plan {
  /** pictures of others: as they come, the smallest there is, or none */
  receive: 'all' | 'low' | 'none'
  /** the own camera: as it is, the smallest, or none */
  send: 'all' | 'low' | 'none'
}

/** What a mode means now; `thin`: the line has been poor for a while. The voice is never touched. */
export function planOf(mode: Mode, thin: boolean): Plan {
  switch (mode) {
    case 'auto':
      return thin ? { receive: 'low', send: 'low' } : { receive: 'all', send: 'all' }
    case 'voice_first':
      return { receive: 'low', send: 'low' }
    case 'voice_only':
      return { receive: 'none', send: 'none' }
    case 'send_only':
      return { receive: 'none', send: thin ? 'low' : 'all' }
  }
}

/** Frames a second of the smallest pictures, in both directions. */
export const LOW_FPS = 8
/** Bit/s and pixels that the own smallest picture may take. */
export const LOW_BITRATE = 90_000
export const LOW_WIDTH = 320

export type Quality = 'unknown' | 'good' | 'fair' | 'poor' | 'lost'

/** Seconds that a line is bad before pictures shrink, and good before they grow; a flicker is worse than either. */
export const BAD_SECONDS = 5
export const GOOD_SECONDS = 15

/** Milliseconds after which `thin` should turn, or null when it should stay. Pure. */
export function turnsAfter(quality: Quality, thin: boolean): number | null {
  const bad = quality === 'poor' || quality === 'lost'
  if (bad && !thin) return BAD_SECONDS * 1000
  if ((quality === 'good' || quality === 'fair') && thin) return GOOD_SECONDS * 1000
  return null
}

const MODE_KEY = 'duikou.room.mode'
const USE_KEY = 'duikou.room.use'

export function rememberedMode(): Mode {
  try {
    const value = localStorage.getItem(MODE_KEY)
    return MODES.find((mode) => mode === value) ?? 'auto'
  } catch {
    return 'auto'
  }
}

export function rememberMode(mode: Mode): void {
  try {
    localStorage.setItem(MODE_KEY, mode)
  } catch {
    // Without storage the choice lasts for this page.
  }
}

/** Kilobytes a minute that a mode was measured to take on this device. */
export type Uses = Partial<Record<Mode, number>>

export function rememberedUses(): Uses {
  try {
    const value = JSON.parse(localStorage.getItem(USE_KEY) ?? '{}') as Record<string, unknown>
    return Object.fromEntries(
      MODES.flatMap((mode) => {
        const found = value[mode]
        return typeof found === 'number' && found >= 0 && found < 1e6 ? [[mode, Math.round(found)]] : []
      }),
    )
  } catch {
    return {}
  }
}

export function rememberUse(mode: Mode, kilobytes: number): Uses {
  const uses = { ...rememberedUses(), [mode]: Math.round(kilobytes) }
  try {
    localStorage.setItem(USE_KEY, JSON.stringify(uses))
  } catch {
    // Without storage the typical values stand.
  }
  return uses
}

/** Kilobytes a minute of a call of two where nothing was measured yet: 40 kbit/s of voice each way, and pictures. */
export const TYPICAL: Record<Mode, number> = { auto: 14_000, voice_first: 1950, voice_only: 600, send_only: 7300 }

export interface Cost {
  mode: Mode
  kilobytes: number
  measured: boolean
}

/** What each mode costs: as measured here, else as is typical. */
export function costs(uses: Uses): Cost[] {
  return MODES.map((mode) => {
    const found = uses[mode]
    return { mode, kilobytes: found ?? TYPICAL[mode], measured: found !== undefined }
  })
}
