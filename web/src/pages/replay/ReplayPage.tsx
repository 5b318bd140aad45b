import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { api, unwrap } from '@/api/client'
import { useFormat } from '@/i18n/useFormat'
import type { Recording } from '@/media/recording/data'
import { ErrorState, Facts, PageHeader, QueryView } from '@/ui'
import styles from './Replay.module.css'

const SKIP_SECONDS = 10
const SPEEDS = [1, 1.25, 1.5, 2]

function useRecording(id: string) {
  return useQuery({
    queryKey: ['consults', 'recording', id],
    queryFn: () => unwrap(api.GET('/api/recordings/{recording_id}', { params: { path: { recording_id: id } } })),
    refetchInterval: (query) => (query.state.data?.state === 'composing' ? 3000 : false),
  })
}

/** An address for this person's player. Each is noted in the audit log, so that one visit asks once. */
function useTicket(id: string) {
  return useQuery({
    queryKey: ['replay', 'ticket', id],
    queryFn: () =>
      unwrap(api.POST('/api/recordings/{recording_id}/ticket', { params: { path: { recording_id: id } } })),
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  })
}

/** Keys of the player beside the browser's own: k or space, j and l, arrows. */
function press(video: HTMLVideoElement, key: string): boolean {
  switch (key) {
    case ' ':
    case 'k':
      if (video.paused) void video.play()
      else video.pause()
      return true
    case 'j':
    case 'ArrowLeft':
      video.currentTime = Math.max(0, video.currentTime - SKIP_SECONDS)
      return true
    case 'l':
    case 'ArrowRight':
      video.currentTime = Math.min(video.duration || 0, video.currentTime + SKIP_SECONDS)
      return true
    default:
      return false
  }
}

function Player({ id }: { id: string }) {
  const { t } = useTranslation('recording')
  const ticket = useTicket(id)
  const video = useRef<HTMLVideoElement>(null)
  const [broken, setBroken] = useState(false)
  const [speed, setSpeed] = useState(1)
  const skip = (key: string) => {
    if (video.current) press(video.current, key)
  }
  const change = (next: number) => {
    setSpeed(next)
    if (video.current) video.current.playbackRate = next
  }
  const again = () => {
    setBroken(false)
    void ticket.refetch()
  }
  if (ticket.error) return <ErrorState error={ticket.error} retry={again} />
  return (
    <div className={styles.player}>
      {/* No captions yet: nothing of a recording is written down. */}
      {/* eslint-disable-next-line jsx-a11y/media-has-caption */}
      <video
        ref={video}
        className={styles.video}
        src={ticket.data?.url}
        controls
        controlsList="nodownload"
        preload="metadata"
        playsInline
        aria-label={t('player')}
        data-testid="player"
        onError={() => setBroken(ticket.data !== undefined)}
        onLoadedMetadata={() => change(speed)}
        onKeyDown={(event) => {
          if (press(event.currentTarget, event.key)) event.preventDefault()
        }}
      />
      {broken && (
        <p role="alert">
          {t('broken')} <Button onClick={again}>{t('again')}</Button>
        </p>
      )}
      <div className={styles.controls}>
        <Button onClick={() => skip('ArrowLeft')}>{t('back')}</Button>
        <Button onClick={() => skip('ArrowRight')}>{t('forward')}</Button>
        {SPEEDS.map((each) => (
          <Button key={each} type={each === speed ? 'primary' : 'default'} aria-pressed={each === speed} onClick={() => change(each)}>
            {t('speed', { value: each })}
          </Button>
        ))}
      </div>
      <p className={styles.note}>{t('keys')}</p>
    </div>
  )
}

function Shown({ recording }: { recording: Recording }) {
  const { t } = useTranslation('recording')
  const format = useFormat()
  const consult = recording.session_id.startsWith('con_')
  const home = consult ? `/consults/${recording.session_id}` : `/lectures/${recording.session_id}`
  return (
    <div className={styles.page}>
      <PageHeader
        title={t(consult ? 'replayConsult' : 'replayLecture', { time: format.time(recording.started_at) })}
        back={{ to: home, label: t(consult ? 'toConsult' : 'toLecture') }}
      />
      {recording.playable ? (
        <Player id={recording.id} />
      ) : (
        <p data-testid="not-playable">
          {recording.state === 'composing'
            ? `${t('composing')} ${recording.progress}%`
            : t(recording.state === 'ready' ? 'withheld' : `state.${recording.state}`)}
        </p>
      )}
      <Facts
        items={[
          { label: t('startedAt'), value: format.fullTime(recording.started_at) },
          ...(recording.seconds !== null ? [{ label: t('length'), value: format.clock(recording.seconds) }] : []),
          { label: t('keep'), value: format.day(recording.keep_until) },
          ...(recording.manifest_sha256
            ? [{ label: t('digest'), value: <code className={styles.digest}>{recording.manifest_sha256}</code> }]
            : []),
        ]}
      />
      <p className={styles.note}>{t('private')}</p>
    </div>
  )
}

/** A recorded session, to be watched by those who took part or were invited. */
export function ReplayPage() {
  const { id = '' } = useParams()
  const query = useRecording(id)
  return <QueryView page query={query}>{(recording) => <Shown recording={recording} />}</QueryView>
}
