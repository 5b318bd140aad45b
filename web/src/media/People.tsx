import { useParticipantAttributes, useParticipants } from '@livekit/components-react'
import type { Participant } from 'livekit-client'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { inOrder } from './order'
import styles from './Room.module.css'

interface PersonProps {
  participant: Participant
  onAllowSpeaker: ((identity: string, allowed: boolean) => void) | undefined
}

function Person({ participant, onAllowSpeaker }: PersonProps) {
  const { t } = useTranslation('room')
  const { attributes } = useParticipantAttributes({ participant })
  const speaks = participant.permissions?.canPublish === true
  const name = participant.name ?? participant.identity
  return (
    <li className={styles.person} data-testid="room-person" data-identity={participant.identity}>
      <span>
        {participant.isLocal ? t('me', { name }) : name}
        {attributes?.hand ? <strong> · {t('handUp')}</strong> : null}
      </span>
      {onAllowSpeaker && !participant.isLocal && (
        <Button size="small" onClick={() => onAllowSpeaker(participant.identity, !speaks)}>
          {t(speaks ? 'stopSpeaker' : 'allowSpeaker')}
        </Button>
      )}
    </li>
  )
}

export function People({ onAllowSpeaker }: Pick<PersonProps, 'onAllowSpeaker'>) {
  const { t } = useTranslation('room')
  const people = useParticipants()
  return (
    <div className={styles.sideBody}>
      <p className={styles.quiet} data-testid="room-count">
        {t('peopleCount', { count: people.length })}
      </p>
      <ul>
        {inOrder(people).map((participant) => (
          <Person key={participant.identity} participant={participant} onAllowSpeaker={onAllowSpeaker} />
        ))}
      </ul>
    </div>
  )
}
