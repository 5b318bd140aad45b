import type { Room } from 'livekit-client'
import { useEffect, useRef, useState } from 'react'
import { rememberUse, type Mode } from './lowData'
import { flowOf, perMinute, sample, type Flow, type Streams } from './traffic'

const EVERY_MS = 2000
const KEPT = 5
/** Samples in one mode, with other people's sound, before the mode counts as measured. */
const SETTLED = 6

export interface Traffic {
  /** kilobytes a minute, over the last ten seconds */
  received: number
  sent: number
  /** the own picture is held down by the line */
  limited: boolean
}

const NOTHING: Traffic = { received: 0, sent: 0, limited: false }

function summed(flows: readonly Flow[]): Traffic {
  const seconds = (flows.length * EVERY_MS) / 1000
  const total = (part: (flow: Flow) => number) => flows.reduce((sum, flow) => sum + part(flow), 0)
  return {
    received: perMinute(
      total((flow) => flow.audioIn + flow.videoIn),
      seconds,
    ),
    sent: perMinute(
      total((flow) => flow.audioOut + flow.videoOut),
      seconds,
    ),
    limited: flows.length > 1 && flows.slice(-2).every((flow) => flow.limited),
  }
}

/** What the call takes of the line now, measured by the browser; keeps what each mode took. */
export function useTraffic(room: Room, mode: Mode): Traffic {
  const [traffic, setTraffic] = useState(NOTHING)
  const current = useRef(mode)
  const settled = useRef(0)
  useEffect(() => {
    current.current = mode
    settled.current = 0
  }, [mode])
  useEffect(() => {
    let before: Streams | null = null
    let flows: Flow[] = []
    let stopped = false
    let busy = false
    const tick = async () => {
      if (busy) return
      busy = true
      const after = await sample(room)
      busy = false
      if (stopped) return
      if (before) {
        flows = [...flows, flowOf(before, after)].slice(-KEPT)
        const found = summed(flows)
        setTraffic(found)
        settled.current = (flows.at(-1)?.audioIn ?? 0) > 0 ? settled.current + 1 : 0
        if (settled.current > SETTLED) rememberUse(current.current, found.received + found.sent)
      }
      before = after
    }
    const timer = setInterval(() => void tick(), EVERY_MS)
    return () => {
      stopped = true
      clearInterval(timer)
    }
  }, [room])
  return traffic
}
