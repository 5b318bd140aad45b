import { useLocalParticipant, useParticipants } from '@livekit/components-react'
import { Track, type Room } from 'livekit-client'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorLine } from '@/ui'
import { ControlIcon, type ControlName } from './ControlIcon'
import { deviceTrouble, useDeviceWord } from './device'
import { DeviceMenu } from './DeviceMenu'
import { LowDataMenu } from './LowDataMenu'
import { show } from './presence'
import styles from './Room.module.css'
import type { LowData } from './useLowData'
import type { Traffic } from './useTraffic'
import { isWaiting, rankOf } from './who'

type Panel = 'side' | 'chat' | 'people'

interface ControlsProps {
  room: Room
  lowData: LowData
  traffic: Traffic
  unread: number
  panel: string
  hasSide: boolean
  onPanel: (panel: Panel) => void
  onLeave: () => void
}

interface ControlProps {
  icon: ControlName
  word: string
  /** whether it is sent or shown now; the word says what a click does */
  on?: boolean
  /** opens a panel: the word stays, so it is announced as pressed */
  panel?: boolean
  danger?: boolean
  badge?: number
  busy?: boolean
  testId: string
  onClick: () => void
}

function Control({ icon, word, on, panel, danger, badge, busy, testId, onClick }: ControlProps) {
  return (
    <button
      type="button"
      className={`${styles.control} ${danger ? styles.leave : ''}`}
      {...(panel ? { 'aria-pressed': on } : {})}
      data-on={on}
      disabled={busy}
      onClick={onClick}
      data-testid={testId}
    >
      <ControlIcon name={icon} off={on === false} />
      <span>
        {word}
        {badge ? <span className={styles.badge}>{badge}</span> : null}
      </span>
    </button>
  )
}

type ChangeName = 'microphone' | 'camera' | 'screen' | 'hand'

interface Failure {
  name: ChangeName
  error: unknown
}

/** Runs one change at a time and keeps what went wrong. */
function useChange() {
  const [busy, setBusy] = useState<ChangeName | ''>('')
  const [failure, setFailure] = useState<Failure | null>(null)
  const change = (name: ChangeName, run: () => Promise<unknown>) => {
    setBusy(name)
    run()
      .then(() => setFailure(null))
      .catch((error: unknown) => {
        // Giving up in the browser's own dialog is not an error.
        if (name !== 'screen' || deviceTrouble(error) !== 'denied') setFailure({ name, error })
      })
      .finally(() => setBusy(''))
  }
  return { busy, failure, change }
}

const SOURCES = {
  microphone: Track.Source.Microphone,
  camera: Track.Source.Camera,
  screen: Track.Source.ScreenShare,
} as const

/** What did not work, as long as it does not: a microphone may come back by itself. */
function FailureLine({ failure: { name, error } }: { failure: Failure }) {
  const { localParticipant } = useLocalParticipant()
  const word = useDeviceWord()
  if (name === 'hand') return <ErrorLine error={error} />
  const publication = localParticipant.getTrackPublication(SOURCES[name])
  if (publication && !publication.isMuted) return null
  return (
    <p role="alert" className={styles.warning} data-testid="room-device-failed">
      {word(error, SOURCES[name])}
    </p>
  )
}

interface SendingProps extends Pick<ReturnType<typeof useChange>, 'busy' | 'change'> {
  /** false: the person chose to send and see none */
  pictures: boolean
}

function Sending({ busy, change, pictures }: SendingProps) {
  const { t } = useTranslation('room')
  const { localParticipant, isMicrophoneEnabled, isCameraEnabled, isScreenShareEnabled } = useLocalParticipant()
  const canShare = 'getDisplayMedia' in navigator.mediaDevices
  return (
    <>
      <Control
        icon="microphone"
        word={t(isMicrophoneEnabled ? 'mute' : 'unmute')}
        on={isMicrophoneEnabled}
        busy={busy === 'microphone'}
        testId="room-mic"
        onClick={() => change('microphone', () => localParticipant.setMicrophoneEnabled(!isMicrophoneEnabled))}
      />
      <Control
        icon="camera"
        word={t(isCameraEnabled ? 'cameraOff' : 'cameraOn')}
        on={isCameraEnabled}
        busy={busy === 'camera' || !pictures}
        testId="room-camera"
        onClick={() => change('camera', () => localParticipant.setCameraEnabled(!isCameraEnabled))}
      />
      {canShare && (
        <Control
          icon="screen"
          word={t(isScreenShareEnabled ? 'screenOff' : 'screenOn')}
          on={isScreenShareEnabled}
          busy={busy === 'screen' || !pictures}
          testId="room-screen"
          onClick={() =>
            change('screen', () => localParticipant.setScreenShareEnabled(!isScreenShareEnabled, { audio: true }))
          }
        />
      )}
    </>
  )
}

/** Microphone, camera, screen, hand, chat, people, low data, devices, leave; every icon with its word. */
export function Controls({ room, lowData, traffic, unread, panel, hasSide, onPanel, onLeave }: ControlsProps) {
  const { t } = useTranslation('room')
  const { localParticipant } = useLocalParticipant()
  const everybody = useParticipants()
  const people = everybody.filter((person) => !isWaiting(person))
  const waiting = rankOf(localParticipant) === 'member' ? 0 : everybody.length - people.length
  const { busy, failure, change } = useChange()
  const hand = Boolean(localParticipant.attributes.hand)
  const maySend = localParticipant.permissions?.canPublish === true
  return (
    <footer className={styles.controls}>
      {failure && <FailureLine failure={failure} />}
      <div className={styles.buttons} role="toolbar" aria-label={t('panel.controls')}>
        {maySend && <Sending busy={busy} change={change} pictures={lowData.plan.send !== 'none'} />}
        <Control
          icon="hand"
          word={t(hand ? 'handDown' : 'hand')}
          on={hand}
          busy={busy === 'hand'}
          testId="room-hand"
          onClick={() => change('hand', () => show(room, { hand: !hand }))}
        />
        <Control
          icon="chat"
          word={t('panel.chat')}
          on={panel === 'chat'}
          panel
          badge={unread}
          testId="room-chat"
          onClick={() => onPanel('chat')}
        />
        <Control
          icon="people"
          word={t('people', { count: people.length })}
          on={panel === 'people'}
          panel
          badge={waiting}
          testId="room-people"
          onClick={() => onPanel('people')}
        />
        {hasSide && (
          <Control
            icon="papers"
            word={t('panel.side')}
            on={panel === 'side'}
          panel
            testId="room-side"
            onClick={() => onPanel('side')}
          />
        )}
        <LowDataMenu lowData={lowData} traffic={traffic} />
        {maySend && <DeviceMenu room={room} />}
        <Control
          icon="leave"
          word={t('leave')}
          danger
          testId="room-leave"
          onClick={onLeave}
        />
      </div>
    </footer>
  )
}
