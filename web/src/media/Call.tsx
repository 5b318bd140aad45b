import { useAudioPlayback, useConnectionState } from '@livekit/components-react'
import { ConnectionState, type Room as LiveRoom } from 'livekit-client'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Stopwatch } from '@/ui'
import { Chat } from './Chat'
import { Controls } from './Controls'
import { People } from './People'
import styles from './Room.module.css'
import { Stage } from './Stage'
import type { RoomProps } from './types'
import { useChat } from './useChat'
import { useVoiceFirst, type VoiceFirst } from './useVoiceFirst'

type SidePanel = 'side' | 'chat' | 'people' | 'none'

function Banners({ room, voice }: { room: LiveRoom; voice: VoiceFirst }) {
  const { t } = useTranslation('room')
  const state = useConnectionState(room)
  const { canPlayAudio, startAudio } = useAudioPlayback(room)
  const broken = state === ConnectionState.Reconnecting || state === ConnectionState.SignalReconnecting
  return (
    <div aria-live="polite">
      {broken && (
        <p className={styles.banner} data-testid="room-reconnecting">
          {t('reconnecting')}
        </p>
      )}
      {voice.active && !broken && (
        <p className={styles.banner} data-testid="room-voice-first">
          {t(voice.mode === 'on' ? 'voiceFirst.chosen' : 'voiceFirst.active')}
        </p>
      )}
      {!canPlayAudio && (
        <p className={styles.banner}>
          {t('audioBlocked')}{' '}
          <Button type="primary" onClick={() => void startAudio()} data-testid="room-start-audio">
            {t('startAudio')}
          </Button>
        </p>
      )}
    </div>
  )
}

interface CallProps extends RoomProps {
  room: LiveRoom
  /** the person pressed "leave" */
  onLeaveNow: () => void
}

/** The call itself: people or slides left, what is discussed right, the controls below. */
export function Call(props: CallProps) {
  const { t } = useTranslation('room')
  const { room, kind, title, marks, side } = props
  const state = useConnectionState(room)
  const [since] = useState(() => new Date().toISOString())
  const [panel, setPanel] = useState<SidePanel>(side && window.innerWidth > 900 ? 'side' : 'none')
  const chat = useChat(room, panel === 'chat')
  const voice = useVoiceFirst(room)
  const toggle = (wanted: SidePanel) => setPanel((now) => (now === wanted ? 'none' : wanted))
  return (
    <div className={styles.call} data-testid="room" data-state={state} data-kind={kind}>
      <header className={styles.head}>
        <h1 className={styles.title}>{title}</h1>
        <Stopwatch since={since} />
        <span data-testid="room-line" className={styles.quiet}>
          {t(`quality.${voice.quality}`)}
        </span>
        <span className={styles.space} />
        {marks}
      </header>
      <Banners room={room} voice={voice} />
      <div className={`${styles.body} ${panel === 'none' ? '' : styles.split}`}>
        <Stage kind={kind} voiceFirst={voice.active} />
        {panel !== 'none' && (
          <aside className={styles.side} aria-label={t(`panel.${panel}`)}>
            <header className={styles.sideHead}>
              <h2>{t(`panel.${panel}`)}</h2>
              <Button type="text" onClick={() => setPanel('none')}>
                {t('common:close')}
              </Button>
            </header>
            {panel === 'side' && <div className={styles.sideBody}>{side}</div>}
            {panel === 'chat' && <Chat chat={chat} />}
            {panel === 'people' && <People onAllowSpeaker={props.onAllowSpeaker} />}
          </aside>
        )}
      </div>
      <Controls
        room={room}
        voice={voice}
        unread={chat.unread}
        panel={panel}
        hasSide={side !== undefined}
        onPanel={toggle}
        onLeave={props.onLeaveNow}
      />
    </div>
  )
}
