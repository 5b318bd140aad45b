import { useParticipants, useRoomInfo } from '@livekit/components-react'
import type { Room } from 'livekit-client'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './Room.module.css'
import { doorOf, isWaiting, rankOf } from './who'

interface SignsProps {
  room: Room
  /** opens the list of people */
  onPeople: () => void
  children?: ReactNode
}

/** A strip of small signs that everybody sees: locked, who waits, what else the page adds. */
export function Signs({ room, onPeople, children }: SignsProps) {
  const { t } = useTranslation('room')
  const { locked } = doorOf(useRoomInfo({ room }).metadata)
  const people = useParticipants({ room })
  const hosts = rankOf(room.localParticipant) !== 'member'
  const waiting = hosts ? people.filter(isWaiting) : []
  return (
    <div className={styles.signs} data-testid="room-signs">
      {children}
      {locked && (
        <span className={styles.sign} data-testid="sign-locked">
          {t('sign.locked')}
        </span>
      )}
      <span role="status">
        {waiting.length > 0 && (
          <button type="button" className={styles.sign} onClick={onPeople} data-testid="sign-waiting">
            {t(waiting.length === 1 ? 'sign.waitingOne' : 'sign.waitingMany', { count: waiting.length, name: waiting[0]?.name ?? '' })}
          </button>
        )}
      </span>
    </div>
  )
}
