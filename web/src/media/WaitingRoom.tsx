import { Button } from 'antd'
import type { Room } from 'livekit-client'
import { useTranslation } from 'react-i18next'
import { Stopwatch } from '@/ui'
import { RecordingSign } from './recording/RecordingSign'
import styles from './Room.module.css'
import type { RoomProps } from './types'

interface WaitingProps extends Pick<RoomProps, 'title' | 'kind'> {
  room: Room
  /** ISO time since when the person waits */
  since: string
  /** the page comes back by itself after a lost line */
  away: boolean
  onLeave: () => void
}

/** At the door: what happens next, and that nothing is heard or seen yet. */
export function WaitingRoom({ room, title, kind, since, away, onLeave }: WaitingProps) {
  const { t } = useTranslation('room')
  return (
    <div className={styles.door} data-testid="room-waiting">
      <section className={styles.check} aria-labelledby="waiting-title">
        <header className={styles.checkHead}>
          <h1 id="waiting-title">{title}</h1>
          <Stopwatch since={since} />
          <RecordingSign room={room} />
        </header>
        <p role="status" className={styles.calm}>
          {t(away ? 'waiting.away' : 'waiting.now')}
        </p>
        <ul className={styles.steps}>
          <li>{t(`waiting.next.${kind}`)}</li>
          <li>{t('waiting.silent')}</li>
          <li>{t('waiting.reload')}</li>
        </ul>
        <div className={styles.doorButtons}>
          <Button size="large" onClick={onLeave} data-testid="waiting-leave">
            {t('waiting.leave')}
          </Button>
        </div>
      </section>
    </div>
  )
}

interface RefusedProps extends Pick<RoomProps, 'title'> {
  reason: string
  onAgain: () => void
  onLeave: () => void
}

/** The host did not let the person in, and says why. */
export function Refused({ title, reason, onAgain, onLeave }: RefusedProps) {
  const { t } = useTranslation('room')
  return (
    <section className={styles.check} data-testid="room-refused" aria-labelledby="refused-title">
      <h1 id="refused-title">{title}</h1>
      <p role="alert" className={styles.warning}>
        {t('refused.said')}
        {reason && <strong data-testid="refused-reason">{t('refused.reason', { reason })}</strong>}
      </p>
      <p className={styles.quiet}>{t('refused.next')}</p>
      <div className={styles.doorButtons}>
        <Button size="large" onClick={onAgain} data-testid="refused-again">
          {t('refused.again')}
        </Button>
        <Button size="large" onClick={onLeave} data-testid="refused-leave">
          {t('turnBack')}
        </Button>
      </div>
    </section>
  )
}
