import type { ReactNode } from 'react'
import type { Model } from '@/api/types'

/** Where to connect and with which token, or a place at the door; an empty url means this page's own origin. */
export type Seat = Pick<Model<'RoomView'>, 'url' | 'token' | 'room' | 'waiting' | 'rank'>

export type RoomKind = 'consult' | 'lecture'

/** What the person chose before joining. */
export interface Choices {
  camera: boolean
  microphone: boolean
  cameraId: string
  microphoneId: string
}

/** The person's microphone, over all the rooms of one session. */
export interface Microphone {
  /** taken by a telephone call or another program, and to be asked for until it is back */
  lost: boolean
}

/** Why the room was left. */
export type LeaveReason = 'left' | 'ended' | 'elsewhere' | 'refused'

export interface RoomProps {
  /** names the session; a reload of the page comes back into the same one */
  name: string
  /** the session's id, which is the room's */
  room: string
  kind: RoomKind
  title: ReactNode
  /** beside the title: a clock, a counter, a tag */
  marks?: ReactNode
  /** small signs under the title, for everybody to see: what is recorded, what is locked */
  signs?: ReactNode
  /** false: an audience, which only receives */
  canPublish: boolean
  /** asks the server for a seat; called at every join, because tokens run out. `again`: after a refusal */
  connect: (again: boolean) => Promise<Seat>
  onLeave: (reason: LeaveReason) => void
  /** what is discussed: documents, notes, an opinion */
  side?: ReactNode
  /** lecturer: let a listener speak, or stop it */
  onAllowSpeaker?: (identity: string, allowed: boolean) => void
}
