import { ConnectionQuality, RoomEvent, Track, type Participant, type RemoteTrackPublication, type Room } from 'livekit-client'
import { useEffect, useRef, useState } from 'react'

export const VOICE_MODES = ['auto', 'on', 'off'] as const
export type VoiceMode = (typeof VOICE_MODES)[number]
export type Quality = 'unknown' | 'good' | 'fair' | 'poor' | 'lost'

export interface VoiceFirst {
  mode: VoiceMode
  setMode: (mode: VoiceMode) => void
  /** people's pictures are off, so that the voice has the line to itself */
  active: boolean
  quality: Quality
}

/** Seconds that a line is bad before pictures go, and good before they come back; a flicker is worse than either. */
export const BAD_SECONDS = 5
export const GOOD_SECONDS = 15

const WORDS: Record<ConnectionQuality, Quality> = {
  [ConnectionQuality.Excellent]: 'good',
  [ConnectionQuality.Good]: 'fair',
  [ConnectionQuality.Poor]: 'poor',
  [ConnectionQuality.Lost]: 'lost',
  [ConnectionQuality.Unknown]: 'unknown',
}

/** Milliseconds after which `active` should turn, or null when it should stay. Pure. */
export function turnsAfter(mode: VoiceMode, quality: Quality, active: boolean): number | null {
  if (mode !== 'auto') return (mode === 'on') === active ? null : 0
  const bad = quality === 'poor' || quality === 'lost'
  if (bad && !active) return BAD_SECONDS * 1000
  if ((quality === 'good' || quality === 'fair') && active) return GOOD_SECONDS * 1000
  return null
}

function cameras(room: Room): RemoteTrackPublication[] {
  return [...room.remoteParticipants.values()].flatMap((person) => {
    const publication = person.getTrackPublication(Track.Source.Camera)
    return publication ? [publication] : []
  })
}

/** On a thin line people's pictures go first, never the voice, never what is shown on a screen. */
export function useVoiceFirst(room: Room): VoiceFirst {
  const [mode, setMode] = useState<VoiceMode>('auto')
  const [quality, setQuality] = useState<Quality>('unknown')
  const [active, setActive] = useState(false)
  const ownCamera = useRef(false)

  useEffect(() => {
    const onQuality = (value: ConnectionQuality, person: Participant) => {
      if (person.isLocal) setQuality(WORDS[value])
    }
    room.on(RoomEvent.ConnectionQualityChanged, onQuality)
    return () => {
      room.off(RoomEvent.ConnectionQualityChanged, onQuality)
    }
  }, [room])

  useEffect(() => {
    const wait = turnsAfter(mode, quality, active)
    if (wait === null) return
    const timer = setTimeout(() => setActive(!active), wait)
    return () => clearTimeout(timer)
  }, [mode, quality, active])

  useEffect(() => {
    const apply = () => {
      for (const publication of cameras(room)) publication.setEnabled(!active)
    }
    apply()
    const me = room.localParticipant
    if (active && me.isCameraEnabled) {
      ownCamera.current = true
      void me.setCameraEnabled(false)
    } else if (!active && ownCamera.current) {
      ownCamera.current = false
      void me.setCameraEnabled(true)
    }
    room.on(RoomEvent.TrackSubscribed, apply)
    return () => {
      room.off(RoomEvent.TrackSubscribed, apply)
    }
  }, [room, active])

  return { mode, setMode, active, quality }
}
