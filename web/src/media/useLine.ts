import { ConnectionQuality, RoomEvent, Track, type RemoteParticipant, type Room } from 'livekit-client'
import { useEffect, useRef, useState } from 'react'
import { advance, QUIET, type Facts, type LineState, type Sentence } from './line'
import type { LowData } from './useLowData'

const LOOK_MS = 500
/** In a large audience there is always somebody on a poor line. */
const FEW = 4

function bad(quality: ConnectionQuality): boolean {
  return quality === ConnectionQuality.Poor || quality === ConnectionQuality.Lost
}

/** Whether the media server holds a picture of somebody's back for want of bandwidth. */
export function isPaused(person: RemoteParticipant): boolean {
  return [...person.trackPublications.values()].some(
    ({ kind, track, isMuted, isEnabled }) =>
      kind === Track.Kind.Video && !isMuted && isEnabled && track?.streamState === Track.StreamState.Paused,
  )
}

function factsOf(room: Room, lowData: LowData, limited: boolean): Facts {
  const others = [...room.remoteParticipants.values()]
  return {
    paused: lowData.plan.receive !== 'none' && others.some(isPaused),
    uplink: limited && lowData.plan.send !== 'none' && bad(room.localParticipant.connectionQuality),
    poor: lowData.quality === 'poor' || lowData.quality === 'lost',
    other: others.length <= FEW && others.some((person) => bad(person.connectionQuality)),
  }
}

/** The sentence about the line that is to be shown now, if any; it does not flicker. */
export function useLine(room: Room, lowData: LowData, limited: boolean): Sentence | null {
  const [state, setState] = useState<LineState>(QUIET)
  const seen = useRef({ lowData, limited })
  useEffect(() => {
    seen.current = { lowData, limited }
  })
  useEffect(() => {
    const look = () => {
      const { lowData: data, limited: held } = seen.current
      setState((before) => advance(before, factsOf(room, data, held), Date.now()))
    }
    const timer = setInterval(look, LOOK_MS)
    room.on(RoomEvent.TrackStreamStateChanged, look)
    return () => {
      clearInterval(timer)
      room.off(RoomEvent.TrackStreamStateChanged, look)
    }
  }, [room])
  return state.shown
}
