import { DisconnectReason, Room, VideoPresets } from 'livekit-client'
import type { Choices, LeaveReason, Seat } from './types'

declare global {
  interface Window {
    /** the room of this tab, for measuring only */
    __duikouRoom?: Room
  }
}

/** A room with the settings of both kinds: layers, only what is seen, and speech that survives losses. */
export function createRoom(choices: Choices): Room {
  return new Room({
    adaptiveStream: true,
    dynacast: true,
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

/** Connect and switch on what was chosen. A device that fails leaves the call without it; `onDevice` is told. */
export async function join(
  room: Room,
  seat: Seat,
  choices: Choices,
  onDevice: (error: unknown) => void,
): Promise<void> {
  await room.connect(address(seat.url), seat.token)
  window.__duikouRoom = room
  const { localParticipant } = room
  if (!localParticipant.permissions?.canPublish) return
  // Sound before picture: on a thin line the voice must not wait for the camera.
  if (choices.microphone) await localParticipant.setMicrophoneEnabled(true).catch(onDevice)
  if (choices.camera) await localParticipant.setCameraEnabled(true).catch(onDevice)
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
