import {
  isTrackReference,
  useIsSpeaking,
  useParticipantAttributes,
  useParticipants,
  useTracks,
  VideoTrack,
  type TrackReferenceOrPlaceholder,
} from '@livekit/components-react'
import { Track, type Participant } from 'livekit-client'
import { useTranslation } from 'react-i18next'
import type { Plan } from './lowData'
import { rank } from './order'
import styles from './Room.module.css'
import type { RoomKind } from './types'
import { isWaiting } from './who'

interface TileProps {
  track: TrackReferenceOrPlaceholder
  place: 'large' | 'small'
  receive: Plan['receive']
}

function TileLabel({ participant, screen }: { participant: Participant; screen: boolean }) {
  const { t } = useTranslation('room')
  const speaking = useIsSpeaking(participant)
  const { attributes } = useParticipantAttributes({ participant })
  const name = participant.isLocal ? t('me', { name: participant.name ?? '' }) : (participant.name ?? participant.identity)
  return (
    <figcaption className={styles.label}>
      {screen ? t('sharesScreen', { name }) : name}
      {!screen && !participant.isMicrophoneEnabled && participant.permissions?.canPublish !== false && (
        <span> · {t('muted')}</span>
      )}
      {speaking && !screen && <span data-testid="speaking"> · {t('speaking')}</span>}
      {attributes?.hand ? <span> · {t('handUp')}</span> : null}
    </figcaption>
  )
}

function Tile({ track, place, receive }: TileProps) {
  const { t } = useTranslation('room')
  const { participant } = track
  const speaking = useIsSpeaking(participant)
  const screen = track.source === Track.Source.ScreenShare
  const shown =
    isTrackReference(track) && !track.publication.isMuted && (participant.isLocal || receive !== 'none')
  const paused = shown && track.publication.track?.streamState === Track.StreamState.Paused
  const mirror = participant.isLocal && !screen
  return (
    <figure
      className={`${styles.tile} ${styles[place]} ${speaking ? styles.speaking : ''}`}
      data-testid={`tile-${participant.isLocal ? 'self' : 'remote'}`}
      data-identity={participant.identity}
      data-source={track.source}
      data-shown={shown}
      data-paused={paused}
    >
      {shown ? (
        <VideoTrack
          trackRef={track}
          className={`${styles.video} ${mirror ? styles.mirror : ''} ${screen ? styles.whole : ''}`}
          data-testid={participant.isLocal ? 'video-self' : 'video-remote'}
          aria-label={participant.name ?? participant.identity}
        />
      ) : (
        <span className={styles.face} aria-hidden>
          {(participant.name ?? '?').slice(0, 1)}
        </span>
      )}
      {!shown && <span className="dk-quiet">{t(receive === 'none' && !participant.isLocal ? 'picturesOff' : 'noPicture')}</span>}
      {paused && <span className={styles.paused}>{t('picturePaused')}</span>}
      <TileLabel participant={participant} screen={screen} />
    </figure>
  )
}

/** In a lecture only those who may speak are shown; a listener's face has no place. */
function onStage(track: TrackReferenceOrPlaceholder, kind: RoomKind): boolean {
  if (isWaiting(track.participant)) return false
  return kind === 'consult' || isTrackReference(track) || track.participant.permissions?.canPublish === true
}

/** Who or what is seen: one large, the others small beside it. */
export function Stage({ kind, receive }: { kind: RoomKind; receive: Plan['receive'] }) {
  const { t } = useTranslation('room')
  const everybody = useParticipants().filter((person) => !isWaiting(person))
  const tracks = useTracks([
    { source: Track.Source.ScreenShare, withPlaceholder: false },
    { source: Track.Source.Camera, withPlaceholder: true },
  ])
  const shown = tracks.filter((track) => onStage(track, kind))
  const others = shown.filter((track) => !track.participant.isLocal)
  const ordered = [...shown].sort((a, b) => rank(a) - rank(b))
  // With two people the other one stays large whoever speaks: a picture that jumps is worse than a small one.
  const [large, ...small] = others.length === 1 ? [...others, ...shown.filter((each) => !others.includes(each))] : ordered
  return (
    <section className={`${styles.stage} ${styles[kind]}`} aria-label={t('panel.stage')}>
      {large ? (
        <Tile track={large} place="large" receive={receive} />
      ) : (
        <p className={styles.waiting}>{t(kind === 'lecture' ? 'waitingForSpeaker' : 'alone')}</p>
      )}
      {everybody.length < 2 && large && <p className={styles.alone}>{t('alone')}</p>}
      {small.length > 0 && (
        <div className={styles.strip}>
          {small.map((track) => (
            <Tile
              key={`${track.participant.identity}-${track.source}`}
              track={track}
              place="small"
              receive={receive}
            />
          ))}
        </div>
      )}
    </section>
  )
}
