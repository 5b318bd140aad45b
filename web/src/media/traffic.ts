import type { Room, Track } from 'livekit-client'

/** Bytes of one stream so far, as the browser counts them, with what the network adds to each packet. */
export interface Stream {
  sent: boolean
  video: boolean
  bytes: number
  /** the browser sends less than it could because the line is thin */
  limited: boolean
}

export type Streams = ReadonlyMap<string, Stream>

/** Bytes that IP, UDP and SRTP add to every packet. */
const OVERHEAD = 44

interface Report {
  id: string
  type: string
  kind?: string
  bytesSent?: number
  bytesReceived?: number
  headerBytesSent?: number
  headerBytesReceived?: number
  packetsSent?: number
  packetsReceived?: number
  qualityLimitationReason?: string
  active?: boolean
}

/** The stream of one report of getStats, or null when it is about something else. Pure. */
export function streamOf(report: Report): Stream | null {
  const sent = report.type === 'outbound-rtp'
  if (!sent && report.type !== 'inbound-rtp') return null
  const payload = (sent ? report.bytesSent : report.bytesReceived) ?? 0
  const headers = (sent ? report.headerBytesSent : report.headerBytesReceived) ?? 0
  const packets = (sent ? report.packetsSent : report.packetsReceived) ?? 0
  return {
    sent,
    video: report.kind === 'video',
    bytes: payload + headers + packets * OVERHEAD,
    limited: report.qualityLimitationReason === 'bandwidth' && report.active !== false,
  }
}

/** What flowed between two samples, in bytes. */
export interface Flow {
  audioIn: number
  audioOut: number
  videoIn: number
  videoOut: number
  /** a picture is sent, and the line holds it down */
  limited: boolean
}

/** Streams that are new count from their start only if there was a sample before; those that ended are over. Pure. */
export function flowOf(before: Streams, after: Streams): Flow {
  const flow: Flow = { audioIn: 0, audioOut: 0, videoIn: 0, videoOut: 0, limited: false }
  for (const [id, stream] of after) {
    const known = before.get(id)
    const bytes = stream.bytes - (known?.bytes ?? stream.bytes)
    if (bytes < 0) continue
    flow[`${stream.video ? 'video' : 'audio'}${stream.sent ? 'Out' : 'In'}`] += bytes
    if (stream.limited && stream.video && stream.sent) flow.limited = true
  }
  return flow
}

function tracksOf(room: Room): Track[] {
  const people = [room.localParticipant, ...room.remoteParticipants.values()]
  return people.flatMap((person) => [...person.trackPublications.values()].flatMap(({ track }) => (track ? [track] : [])))
}

/** Counters of everything sent and received now. */
export async function sample(room: Room): Promise<Streams> {
  const found = new Map<string, Stream>()
  for (const track of tracksOf(room)) {
    const stats = await track.getRTCStatsReport().catch(() => undefined)
    stats?.forEach((report: Report) => {
      const stream = streamOf(report)
      if (stream) found.set(`${track.sid ?? ''} ${report.id}`, stream)
    })
  }
  return found
}

/** Kilobytes a minute. */
export function perMinute(bytes: number, seconds: number): number {
  return seconds > 0 ? (bytes / 1000) * (60 / seconds) : 0
}
