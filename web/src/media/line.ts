/** When the line makes pictures yield, one plain sentence says so, and one that they are back. Pure. */

export type Trouble = 'paused' | 'uplink' | 'poor' | 'other'
export type Sentence = Trouble | 'restored'

/** What is seen of the line now. */
export interface Facts {
  /** the media server holds some picture back */
  paused: boolean
  /** the own picture is held down by the line */
  uplink: boolean
  /** the own line is called poor */
  poor: boolean
  /** somebody else's line is called poor */
  other: boolean
}

export interface LineState {
  shown: Sentence | null
  /** what seems to be wrong, and since when (epoch ms) */
  seems: Trouble | null
  since: number
}

export const QUIET: LineState = { shown: null, seems: null, since: 0 }

/** Milliseconds that a trouble lasts before it is said; what is seen on the screen is said soon. */
export const SAY_AFTER: Record<Trouble, number> = { paused: 1500, uplink: 6000, poor: 5000, other: 8000 }
/** Milliseconds without trouble before it is called over, and that the good news stays. */
export const OVER_AFTER = 5000
export const NEWS_FOR = 6000

const ORDER = ['paused', 'uplink', 'poor', 'other'] as const

/** The worst of what is wrong. */
export function troubleOf(facts: Facts): Trouble | null {
  return ORDER.find((each) => facts[each]) ?? null
}

/** The state a moment later. A sentence changes only after what it says has lasted. */
export function advance(state: LineState, facts: Facts, now: number): LineState {
  const trouble = troubleOf(facts)
  if (trouble !== state.seems) return { ...state, seems: trouble, since: now }
  const lasted = now - state.since
  if (trouble) {
    if (state.shown === trouble || lasted < SAY_AFTER[trouble]) return state
    return { ...state, shown: trouble }
  }
  if (state.shown === 'restored') return lasted < OVER_AFTER + NEWS_FOR ? state : { ...state, shown: null }
  if (state.shown === null || lasted < OVER_AFTER) return state
  // That somebody else's line is better again needs no words.
  return { ...state, shown: state.shown === 'other' ? null : 'restored' }
}

export type Outage = 'short' | 'long' | 'phone'

/** How the words of an outage grow with its seconds: wait; look at the network; take the telephone. */
export function outageOf(seconds: number): Outage {
  if (seconds < 10) return 'short'
  return seconds < 30 ? 'long' : 'phone'
}
