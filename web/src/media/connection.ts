import { DisconnectReason, Room, RoomEvent, Track, VideoPresets, type LocalTrack } from 'livekit-client'
import { ClosePolicy } from './retry'
import type { Choices, LeaveReason, Seat } from './types'

declare global {
  interface Window {
    /** the room of this tab, for measuring only */
    __duikouRoom?: Room
  }
}

/** Told what the browser refused, and of which device. */
export type OnDevice = (error: unknown, source: Track.Source) => void

/** A room with the settings of both kinds: layers, only what is seen, and speech that survives losses. */
export function createRoom(choices: Choices): Room {
  return new Room({
    adaptiveStream: true,
    dynacast: true,
    reconnectPolicy: new ClosePolicy(),
    audioCaptureDefaults: {
      deviceId: choices.microphoneId || undefined,
      echoCancellation: true,
      noiseSuppression: true,
      autoGainControl: true,
    },
    videoCaptureDefaults: {
      deviceId: choices.cameraId || undefined,
      resolution: VideoPresets.h720.resolution,
    },
    publishDefaults: { videoCodec: 'vp8', simulcast: true, dtx: true, red: true },
  })
}

function address(url: string): string {
  if (url) return url
  return location.origin.replace(/^http/, 'ws')
}

/** What a page sends, taken along when it joins afresh: nobody is asked for the microphone a second time. */
export function carried(room: Room): LocalTrack[] {
  return [...room.localParticipant.trackPublications.values()].flatMap(({ track }) => {
    // A camera or screen that is off need not come along; a microphone keeps whether it was muted.
    if (!track || (track.isMuted && track.source !== Track.Source.Microphone)) return []
    return track.mediaStreamTrack.readyState === 'live' ? [track] : []
  })
}

/** Send what was chosen, or what was sent before. Sound before picture: a voice must not wait for the camera. */
export async function send(
  room: Room,
  choices: Choices,
  before: readonly LocalTrack[],
  onDevice: OnDevice,
): Promise<void> {
  const { localParticipant } = room
  const failed = (source: Track.Source) => (error: unknown) => { onDevice(error, source) }
  const again = (source: Track.Source) => before.find((track) => track.source === source)
  const microphone = again(Track.Source.Microphone)
  const noMicrophone = failed(Track.Source.Microphone)
  if (microphone) await localParticipant.publishTrack(microphone).catch(noMicrophone)
  else if (choices.microphone) await localParticipant.setMicrophoneEnabled(true).catch(noMicrophone)
  const camera = again(Track.Source.Camera)
  const noCamera = failed(Track.Source.Camera)
  if (camera) await localParticipant.publishTrack(camera).catch(noCamera)
  else if (choices.camera) await localParticipant.setCameraEnabled(true).catch(noCamera)
  for (const source of [Track.Source.ScreenShare, Track.Source.ScreenShareAudio]) {
    const screen = again(source)
    if (screen) await localParticipant.publishTrack(screen).catch(failed(source))
  }
}

/**
 * Connect, and send unless one waits at the door. A device that fails leaves the call without it.
 * Sending begins with the server's first answer, not when media connects: on a slow line opening the microphone and
 * agreeing on it take no longer than connecting does.
 */
export async function join(
  room: Room,
  seat: Seat,
  choices: Choices,
  before: readonly LocalTrack[],
  onDevice: OnDevice,
): Promise<void> {
  let sending: Promise<void> | undefined
  const begin = () => {
    if (sending || !room.localParticipant.permissions?.canPublish) return
    // Where the connection fails nothing can be sent, and no device is to blame.
    const failed: OnDevice = (error, source) =>
      void connected.then(
        () => { onDevice(error, source) },
        () => undefined,
      )
    sending = send(room, choices, before, failed)
  }
  room.once(RoomEvent.SignalConnected, begin)
  const connected = room.connect(address(seat.url), seat.token)
  await connected
  window.__duikouRoom = room
  begin() // the door may have opened meanwhile
  await sending
}

/** What a disconnection means to the person; null when the client is to come back by itself or by a button. */
export function leaveReason(reason: DisconnectReason | undefined): LeaveReason | null {
  switch (reason) {
    case DisconnectReason.CLIENT_INITIATED:
      return 'left'
    case DisconnectReason.ROOM_DELETED:
    case DisconnectReason.ROOM_CLOSED:
      return 'ended'
    case DisconnectReason.DUPLICATE_IDENTITY:
      return 'elsewhere'
    case DisconnectReason.PARTICIPANT_REMOVED:
    case DisconnectReason.USER_REJECTED:
      return 'refused'
    default:
      return null
  }
}
