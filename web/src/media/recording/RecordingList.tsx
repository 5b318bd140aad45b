import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/useFormat'
import { LinkButton, ProgressLine, Tag, type Tone } from '@/ui'
import type { Recording } from './data'
import styles from './Recording.module.css'

const TONES: Record<Recording['state'], Tone> = {
  recording: 'critical',
  finishing: 'accent',
  composing: 'accent',
  ready: 'good',
  failed: 'soon',
  deleted: 'neutral',
}
const MEGABYTE = 1024 * 1024

/** What was said about how it ended, in plain words; nothing when a host simply stopped it. */
function remarks(recording: Recording): string[] {
  const found: string[] = []
  if (recording.stop_reason && recording.stop_reason !== 'host') found.push(`stopped.${recording.stop_reason}`)
  if (recording.segments.some((each) => each.crashed)) found.push('interrupted')
  if (recording.failure) found.push(`failure.${recording.failure}`)
  if (recording.state === 'ready' && !recording.playable) found.push('withheld')
  return found
}

function Item({ recording, onRetry }: { recording: Recording; onRetry: (() => void) | null }) {
  const { t } = useTranslation('recording')
  const format = useFormat()
  const { seconds, size } = recording
  return (
    <li className={styles.item} data-testid="recording" data-state={recording.state}>
      <div className={styles.line}>
        <Tag tone={TONES[recording.state]}>{t(`state.${recording.state}`)}</Tag>
        <span>{format.time(recording.started_at)}</span>
        {seconds !== null && <span>{format.clock(seconds)}</span>}
        {size !== null && <span className={styles.muted}>{format.number(size / MEGABYTE, 1)} MB</span>}
        {recording.playable && (
          <LinkButton to={`/replay/${recording.id}`} data-testid="replay">
            {t('replay')}
          </LinkButton>
        )}
        {onRetry && recording.retryable && (
          <Button onClick={onRetry} data-testid="recording-retry">
            {t('retry')}
          </Button>
        )}
      </div>
      {recording.state === 'composing' && <ProgressLine label={t('composing')} percent={recording.progress} />}
      {remarks(recording).map((remark) => (
        <p key={remark}>{t(remark)}</p>
      ))}
      {recording.state !== 'deleted' && (
        <p className={styles.muted}>{t('keptUntil', { day: format.day(recording.keep_until) })}</p>
      )}
    </li>
  )
}

/** Every recording of a session, newest first. */
export function RecordingList({
  recordings,
  onRetry,
}: {
  recordings: Recording[]
  onRetry: ((id: string) => void) | null
}) {
  const { t } = useTranslation('recording')
  return (
    <ul className={styles.list} aria-label={t('list')}>
      {recordings.map((each) => (
        <Item key={each.id} recording={each} onRetry={onRetry ? () => onRetry(each.id) : null} />
      ))}
    </ul>
  )
}
