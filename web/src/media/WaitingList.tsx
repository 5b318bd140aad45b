import type { Participant } from 'livekit-client'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Stopwatch, useReason } from '@/ui'
import styles from './Room.module.css'
import type { Moderation } from './useModeration'
import { unitOf, WAITING } from './who'

function Waiting({ person, moderation }: { person: Participant; moderation: Moderation }) {
  const { t } = useTranslation('room')
  const ask = useReason()
  const name = person.name ?? person.identity
  const refuse = async () => {
    const reason = await ask({
      title: t('door.refuseTitle', { name }),
      consequence: t('door.refuseConsequence'),
      confirm: t('door.refuse'),
      suggestions: [t('door.reason.private'), t('door.reason.later'), t('door.reason.unknown')],
      danger: true,
    })
    if (reason) moderation.mutate({ name: 'refuse', identity: person.identity, reason })
  }
  return (
    <li className={styles.entry} data-testid="waiting-person" data-identity={person.identity}>
      <span>
        <strong>{name}</strong> <span className={styles.quiet}>{unitOf(person)}</span>
        <br />
        <span className={styles.quiet}>
          {t('door.waitsFor')} <Stopwatch since={person.attributes[WAITING] ?? ''} />
        </span>
      </span>
      <span className={styles.acts}>
        <Button
          type="primary"
          disabled={moderation.isPending}
          aria-label={t('door.admitName', { name })}
          onClick={() => moderation.mutate({ name: 'admit', identities: [person.identity] })}
          data-testid="admit"
        >
          {t('door.admit')}
        </Button>
        <Button
          disabled={moderation.isPending}
          aria-label={t('door.refuseName', { name })}
          onClick={() => void refuse()}
          data-testid="refuse"
        >
          {t('door.refuse')}
        </Button>
      </span>
    </li>
  )
}

/** Who waits at the door: name, unit, since when; admit one or all, or refuse with a reason. */
export function WaitingList({ people, moderation }: { people: readonly Participant[]; moderation: Moderation }) {
  const { t } = useTranslation('room')
  if (people.length === 0) return null
  return (
    <section className={styles.group} aria-label={t('door.waiting', { count: people.length })} data-testid="waiting-list">
      <header className={styles.groupHead}>
        <h3>{t('door.waiting', { count: people.length })}</h3>
        {people.length > 1 && (
          <Button
            disabled={moderation.isPending}
            onClick={() => moderation.mutate({ name: 'admit-all' })}
            data-testid="admit-all"
          >
            {t('door.admitAll')}
          </Button>
        )}
      </header>
      <ul>
        {people.map((person) => (
          <Waiting key={person.identity} person={person} moderation={moderation} />
        ))}
      </ul>
    </section>
  )
}
