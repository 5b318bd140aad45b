import { useParticipantAttributes, useParticipants } from '@livekit/components-react'
import { Track, type Participant, type Room } from 'livekit-client'
import { Button } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorLine, Tag, useFeedback } from '@/ui'
import { DoorSettings } from './DoorSettings'
import { inOrder } from './order'
import styles from './Room.module.css'
import { useModeration, type Act, type Moderation } from './useModeration'
import { WaitingList } from './WaitingList'
import { isWaiting, mayActOn, rankOf, unitOf, type Rank } from './who'

type AllowSpeaker = ((identity: string, allowed: boolean) => void) | undefined

interface PersonProps {
  participant: Participant
  me: Rank
  moderation: Moderation
  onAllowSpeaker: AllowSpeaker
}

interface Choice {
  act: Act
  word: string
  danger?: boolean
}

/** What may be done with somebody now; what is off already is not offered. */
function choicesFor(person: Participant, me: Rank): Choice[] {
  const { identity } = person
  const found: Choice[] = []
  if (person.isMicrophoneEnabled) found.push({ act: { name: 'mute', identity, kind: 'microphone' }, word: 'mute' })
  if (person.isCameraEnabled) found.push({ act: { name: 'mute', identity, kind: 'camera' }, word: 'stopCamera' })
  if (person.isScreenShareEnabled) found.push({ act: { name: 'mute', identity, kind: 'screen' }, word: 'stopScreen' })
  if (me === 'host') {
    const given = rankOf(person) !== 'co_host'
    found.push({ act: { name: 'co-host', identity, given }, word: given ? 'giveCoHost' : 'takeCoHost' })
  }
  found.push({ act: { name: 'remove', identity }, word: 'remove', danger: true })
  return found
}

function Manage({ participant, me, moderation, onAllowSpeaker }: PersonProps) {
  const { t } = useTranslation('room')
  const { modal } = useFeedback()
  const name = participant.name ?? participant.identity
  const speaks = participant.permissions?.canPublish === true
  const take = ({ act, word, danger }: Choice) => {
    if (!danger) {
      moderation.mutate(act)
      return
    }
    void modal.confirm({
      title: t(`manage.${word}Title`, { name }),
      content: t(`manage.${word}Consequence`),
      icon: null,
      okText: t(`manage.${word}`),
      okButtonProps: { danger: true },
      cancelText: t('common:cancel'),
      onOk: () => moderation.mutate(act),
    })
  }
  return (
    <div className={styles.acts}>
      {choicesFor(participant, me).map((choice) => (
        <Button
          key={choice.word}
          size="small"
          {...(choice.danger ? { className: styles.danger } : {})}
          disabled={moderation.isPending}
          onClick={() => take(choice)}
          data-testid={`manage-${choice.word}`}
        >
          {t(`manage.${choice.word}`)}
        </Button>
      ))}
      {onAllowSpeaker && (
        <Button size="small" onClick={() => onAllowSpeaker(participant.identity, !speaks)} data-testid="manage-speaker">
          {t(speaks ? 'stopSpeaker' : 'allowSpeaker')}
        </Button>
      )}
    </div>
  )
}

function States({ participant }: { participant: Participant }) {
  const { t } = useTranslation('room')
  const screen = participant.getTrackPublication(Track.Source.ScreenShare)
  return (
    <span className={styles.quiet}>
      {[
        unitOf(participant),
        participant.permissions?.canPublish !== false && !participant.isMicrophoneEnabled ? t('muted') : '',
        screen && !screen.isMuted ? t('shares') : '',
      ]
        .filter(Boolean)
        .join(' · ')}
    </span>
  )
}

function Person(props: PersonProps) {
  const { participant, me } = props
  const { t } = useTranslation('room')
  const { attributes } = useParticipantAttributes({ participant })
  const [open, setOpen] = useState(false)
  const id = useId()
  const name = participant.name ?? participant.identity
  const rank = rankOf(participant)
  const manages = !participant.isLocal && mayActOn(me, rank)
  return (
    <li className={styles.entry} data-testid="room-person" data-identity={participant.identity} data-rank={rank}>
      <span>
        <strong>{participant.isLocal ? t('me', { name }) : name}</strong>{' '}
        {rank !== 'member' && <Tag>{t(`rank.${rank}`)}</Tag>}
        {attributes?.hand ? <strong> · {t('handUp')}</strong> : null}
        <br />
        <States participant={participant} />
      </span>
      {manages && (
        <Button
          size="small"
          aria-expanded={open}
          aria-controls={id}
          aria-label={t('manage.open', { name })}
          onClick={() => setOpen(!open)}
          data-testid="manage"
        >
          {t('manage.label')}
        </Button>
      )}
      {manages && (
        <div id={id} className={styles.manage} hidden={!open}>
          {open && <Manage {...props} />}
        </div>
      )}
    </li>
  )
}

interface PeopleProps {
  room: Room
  roomId: string
  onAllowSpeaker: AllowSpeaker
}

/** Everybody in the room; for hosts and co-hosts also the door, and what may be done with each. */
export function People({ room, roomId, onAllowSpeaker }: PeopleProps) {
  const { t } = useTranslation('room')
  const everybody = useParticipants({ room })
  const moderation = useModeration(roomId)
  const me = rankOf(room.localParticipant)
  const people = everybody.filter((person) => !isWaiting(person))
  return (
    <div className={styles.sideBody}>
      <ErrorLine error={moderation.error} />
      {me !== 'member' && <WaitingList people={everybody.filter(isWaiting)} moderation={moderation} />}
      <section className={styles.group} aria-label={t('panel.people')}>
        <p className={styles.quiet} data-testid="room-count">
          {t('peopleCount', { count: people.length })}
        </p>
        <ul>
          {inOrder(people).map((participant) => (
            <Person
              key={participant.identity}
              participant={participant}
              me={me}
              moderation={moderation}
              onAllowSpeaker={onAllowSpeaker}
            />
          ))}
        </ul>
      </section>
      {me !== 'member' && <DoorSettings room={room} moderation={moderation} />}
    </div>
  )
}
