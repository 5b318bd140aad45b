import { useIsRecording } from '@livekit/components-react'
import type { Room } from 'livekit-client'
import { useTranslation } from 'react-i18next'
import styles from './Recording.module.css'

/** The sign to everyone in the room, as long as a recorder is there. The media server says so, whichever it is. */
export function RecordingSign({ room }: { room: Room }) {
  const { t } = useTranslation('recording')
  const recording = useIsRecording(room)
  return (
    <span role="status" className={styles.signBox} data-testid="recording-sign" data-on={recording}>
      {recording && (
        <span className={styles.sign}>
          <span className={styles.dot} aria-hidden />
          {t('sign')}
        </span>
      )}
    </span>
  )
}
