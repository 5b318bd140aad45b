import type { ReactNode } from 'react'

/** Where to connect and with which token; an empty url means this page's own origin. */
export interface Seat {
  url: string
  token: string
}

export type RoomKind = 'consult' | 'lecture'

/** What the person chose before joining. */
export interface Choices {
  camera: boolean
  microphone: boolean
  cameraId: string
  microphoneId: string
}

/** Why the room was left. */
export type LeaveReason = 'left' | 'ended' | 'elsewhere' | 'refused'

export interface RoomProps {
  /** names the session; a reload of the page comes back into the same one */
  name: string
  kind: RoomKind
  title: ReactNode
  /** beside the title: a clock, a counter, a tag */
  marks?: ReactNode
  /** false: an audience, which only receives */
  canPublish: boolean
  /** asks the server for a seat; called at every join, because tokens run out */
  connect: () => Promise<Seat>
  onLeave: (reason: LeaveReason) => void
  /** what is discussed: documents, notes, an opinion */
  side?: ReactNode
  /** lecturer: let a listener speak, or stop it */
  onAllowSpeaker?: (identity: string, allowed: boolean) => void
}
