import {
  ConnectionQuality,
  RoomEvent,
  Track,
  VideoQuality,
  type LocalTrack,
  type Participant,
  type RemoteTrackPublication,
  type Room,
} from 'livekit-client'
import { useCallback, useEffect, useRef, useState } from 'react'
import {
  LOW_BITRATE,
  LOW_FPS,
  LOW_WIDTH,
  planOf,
  rememberedMode,
  rememberMode,
  turnsAfter,
  type Mode,
  type Plan,
  type Quality,
} from './lowData'

export interface LowData {
  mode: Mode
  setMode: (mode: Mode) => void
  /** the line has been poor for a while */
  thin: boolean
  plan: Plan
  quality: Quality
}

const WORDS: Record<ConnectionQuality, Quality> = {
  [ConnectionQuality.Excellent]: 'good',
  [ConnectionQuality.Good]: 'fair',
  [ConnectionQuality.Poor]: 'poor',
  [ConnectionQuality.Lost]: 'lost',
  [ConnectionQuality.Unknown]: 'unknown',
}

/** How often the own camera's settings are looked at: the media server may switch layers on again. */
const LOOK_MS = 2000

function pictures(room: Room): RemoteTrackPublication[] {
  return [...room.remoteParticipants.values()].flatMap((person) =>
    [...person.trackPublications.values()].filter(({ kind }) => kind === Track.Kind.Video),
  )
}

/** Receive less: a shared screen is what is discussed, so it shrinks only when all pictures go. */
function receive(publication: RemoteTrackPublication, plan: Plan['receive']): void {
  if (publication.isDesired !== (plan !== 'none')) publication.setSubscribed(plan !== 'none')
  if (plan === 'none' || publication.source === Track.Source.ScreenShare) return
  publication.setVideoQuality(plan === 'low' ? VideoQuality.LOW : VideoQuality.HIGH)
  publication.setVideoFPS(plan === 'low' ? LOW_FPS : 0)
}

type Encoding = RTCRtpEncodingParameters

/** The settings of a picture's layers when only the smallest may go out. Pure. */
export function smallest(encodings: readonly Encoding[], width: number): Encoding[] {
  return encodings.map((encoding, index) => {
    if (index > 0) return { ...encoding, active: false }
    const scale = encodings.length === 1 ? Math.max(1, width / LOW_WIDTH) : encoding.scaleResolutionDownBy
    return {
      ...encoding,
      active: true,
      maxBitrate: Math.min(encoding.maxBitrate ?? LOW_BITRATE, LOW_BITRATE),
      maxFramerate: LOW_FPS,
      ...(scale === undefined ? {} : { scaleResolutionDownBy: scale }),
    }
  })
}

function differs(wanted: readonly Encoding[], found: readonly Encoding[]): boolean {
  return wanted.some((encoding, index) => {
    const other = found[index]
    return encoding.active !== other?.active || encoding.maxBitrate !== other?.maxBitrate
  })
}

/** What the layers of a camera were before they shrank. */
const before = new WeakMap<RTCRtpSender, Encoding[]>()

/** Send the smallest layer only, or all again. Repeated until it holds. */
async function shrink(track: LocalTrack, low: boolean): Promise<void> {
  const { sender } = track
  if (!sender) return
  const parameters = sender.getParameters()
  const kept = before.get(sender)
  if (!low && !kept) return
  if (low && !kept) before.set(sender, parameters.encodings)
  const width = track.mediaStreamTrack.getSettings().width ?? LOW_WIDTH
  const wanted = low ? smallest(parameters.encodings, width) : (kept ?? [])
  if (!low) before.delete(sender)
  if (!differs(wanted, parameters.encodings)) return
  // The client changes the same settings for the media server; who comes too late tries again at the next look.
  await sender.setParameters({ ...parameters, encodings: wanted }).catch(() => undefined)
}

function useReceiving(room: Room, plan: Plan['receive']): void {
  useEffect(() => {
    const apply = () => {
      for (const publication of pictures(room)) receive(publication, plan)
    }
    apply()
    room.on(RoomEvent.TrackPublished, apply).on(RoomEvent.TrackSubscribed, apply).on(RoomEvent.Connected, apply)
    return () => {
      room.off(RoomEvent.TrackPublished, apply).off(RoomEvent.TrackSubscribed, apply).off(RoomEvent.Connected, apply)
    }
  }, [room, plan])
}

function useSending(room: Room, plan: Plan['send']): void {
  const cameraWasOn = useRef(false)
  useEffect(() => {
    const me = room.localParticipant
    const apply = () => {
      const camera = me.getTrackPublication(Track.Source.Camera)?.track
      if (camera) void shrink(camera, plan === 'low')
    }
    if (plan === 'none') {
      cameraWasOn.current = me.isCameraEnabled
      if (me.isCameraEnabled) void me.setCameraEnabled(false)
      if (me.isScreenShareEnabled) void me.setScreenShareEnabled(false)
      return
    }
    if (cameraWasOn.current) {
      cameraWasOn.current = false
      void me.setCameraEnabled(true)
    }
    apply()
    const timer = setInterval(apply, LOOK_MS)
    room.on(RoomEvent.LocalTrackPublished, apply)
    return () => {
      clearInterval(timer)
      room.off(RoomEvent.LocalTrackPublished, apply)
    }
  }, [room, plan])
}

function useQuality(room: Room): Quality {
  const [quality, setQuality] = useState<Quality>('unknown')
  useEffect(() => {
    const onQuality = (value: ConnectionQuality, person: Participant) => {
      if (person.isLocal) setQuality(WORDS[value])
    }
    room.on(RoomEvent.ConnectionQualityChanged, onQuality)
    return () => {
      room.off(RoomEvent.ConnectionQualityChanged, onQuality)
    }
  }, [room])
  return quality
}

/** On a thin line people's pictures shrink and go first, never the voice; or as the person chose. */
export function useLowData(room: Room): LowData {
  const [mode, choose] = useState(rememberedMode)
  const quality = useQuality(room)
  const [thin, setThin] = useState(false)
  useEffect(() => {
    const wait = turnsAfter(quality, thin)
    if (wait === null) return
    const timer = setTimeout(() => setThin(!thin), wait)
    return () => clearTimeout(timer)
  }, [quality, thin])
  const plan = planOf(mode, thin)
  useReceiving(room, plan.receive)
  useSending(room, plan.send)
  const setMode = useCallback((chosen: Mode) => {
    rememberMode(chosen)
    choose(chosen)
  }, [])
  return { mode, setMode, thin, plan, quality }
}
