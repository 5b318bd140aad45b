import { useParticipantAttributes, useParticipants } from '@livekit/components-react'
import type { Participant } from 'livekit-client'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
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

/** Raised hands first, in the order in which they went up; then by name. */
export function inOrder(people: readonly Participant[]): Participant[] {
  const hand = (person: Participant) => Number(person.attributes.hand ?? '') || Number.POSITIVE_INFINITY
  const name = (person: Participant) => person.name ?? person.identity
  return [...people].sort((a, b) => {
    const [first, second] = [hand(a), hand(b)]
    return first === second ? name(a).localeCompare(name(b), 'zh') : first - second
  })
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
