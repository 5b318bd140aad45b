import { useIsRecording } from '@livekit/components-react'
import type { Room } from 'livekit-client'
import { useTranslation } from 'react-i18next'
import { useRecordings, type SessionTopic } from './data'
import styles from './Recording.module.css'

function Sign({ on }: { on: boolean }) {
  const { t } = useTranslation('recording')
  return (
    <span role="status" className={styles.signBox} data-testid="recording-sign" data-on={on}>
      {on && (
        <span className={styles.sign}>
          <span className={styles.dot} aria-hidden />
          {t('sign')}
        </span>
      )}
    </span>
  )
}

/** The sign to everyone in the room, as long as a recorder is there. The media server says so, whichever it is. */
export function RecordingSign({ room }: { room: Room }) {
  return <Sign on={useIsRecording(room)} />
}

/** The same sign to who is not in the room yet, as far as one may know: nobody speaks into a recording unawares. */
export function RecordingAhead({ topic, sessionId }: { topic: SessionTopic; sessionId: string }) {
  const { data } = useRecordings(topic, sessionId)
  return <Sign on={data?.recordings.some(({ state }) => state === 'recording') ?? false} />
}
