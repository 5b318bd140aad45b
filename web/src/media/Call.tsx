import { useConnectionState } from '@livekit/components-react'
import { ConnectionState, type Room as LiveRoom } from 'livekit-client'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Stopwatch } from '@/ui'
import { Banners } from './Banners'
import { Chat } from './Chat'
import { Controls } from './Controls'
import { People } from './People'
import { RecordingSign } from './recording/RecordingSign'
import styles from './Room.module.css'
import { Signs } from './Signs'
import { Stage } from './Stage'
import type { Microphone, RoomProps } from './types'
import { useChat } from './useChat'
import { useInterruption } from './useInterruption'
import { useLine } from './useLine'
import { useLowData } from './useLowData'
import { useNotices } from './useNotices'
import { useTraffic } from './useTraffic'

type SidePanel = 'side' | 'chat' | 'people' | 'none'

interface CallProps extends RoomProps {
  /** the room as connected now; another one after it was joined afresh */
  live: LiveRoom
  /** since when (epoch ms) the page tries to join afresh, or null */
  away: number | null
  microphone: Microphone
  /** the person pressed "leave" */
  onLeaveNow: () => void
}

interface PanelProps extends Pick<CallProps, 'live' | 'room' | 'side' | 'onAllowSpeaker'> {
  panel: Exclude<SidePanel, 'none'>
  chat: ReturnType<typeof useChat>
  onClose: () => void
}

function SidePanelView({ panel, live, room, side, chat, onAllowSpeaker, onClose }: PanelProps) {
  const { t } = useTranslation('room')
  return (
    <aside className={styles.side} aria-label={t(`panel.${panel}`)}>
      <header className={styles.sideHead}>
        <h2>{t(`panel.${panel}`)}</h2>
        <Button type="text" onClick={onClose}>
          {t('common:close')}
        </Button>
      </header>
      {panel === 'side' && <div className={styles.sideBody}>{side}</div>}
      {panel === 'chat' && <Chat chat={chat} />}
      {panel === 'people' && <People room={live} roomId={room} onAllowSpeaker={onAllowSpeaker} />}
    </aside>
  )
}

/** The call itself: people or slides left, what is discussed right, the controls below. */
export function Call(props: CallProps) {
  const { t } = useTranslation('room')
  const { live, away, kind, title, marks, side } = props
  const connected = useConnectionState(live)
  const [since] = useState(() => new Date().toISOString())
  const [panel, setPanel] = useState<SidePanel>(side && window.innerWidth > 900 ? 'side' : 'none')
  const chat = useChat(live, panel === 'chat')
  const lowData = useLowData(live)
  const traffic = useTraffic(live, lowData.mode)
  const line = useLine(live, lowData, traffic.limited)
  const interruption = useInterruption(live, props.microphone)
  useNotices(live)
  const toggle = (wanted: SidePanel) => setPanel((now) => (now === wanted ? 'none' : wanted))
  const state = away === null ? connected : ConnectionState.Reconnecting
  return (
    <div className={styles.call} data-testid="room" data-state={state} data-kind={kind}>
      <header className={styles.head}>
        <h1 className={styles.title}>{title}</h1>
        <Stopwatch since={since} />
        <RecordingSign room={live} />
        <span data-testid="room-line" className={styles.quiet}>
          {t(`quality.${lowData.quality}`)}
        </span>
        <span className={styles.space} />
        {marks}
      </header>
      <div>
        <Signs room={live} onPeople={() => setPanel('people')}>
          {props.signs}
        </Signs>
        <Banners room={live} away={away} lowData={lowData} line={line} interruption={interruption} />
      </div>
      <div className={`${styles.body} ${panel === 'none' ? '' : styles.split}`}>
        <Stage kind={kind} receive={lowData.plan.receive} />
        {panel !== 'none' && (
          <SidePanelView
            panel={panel}
            live={live}
            room={props.room}
            side={side}
            chat={chat}
            {...(props.onAllowSpeaker ? { onAllowSpeaker: props.onAllowSpeaker } : {})}
            onClose={() => setPanel('none')}
          />
        )}
      </div>
      <Controls
        room={live}
        lowData={lowData}
        traffic={traffic}
        unread={chat.unread}
        panel={panel}
        hasSide={side !== undefined}
        onPanel={toggle}
        onLeave={props.onLeaveNow}
      />
    </div>
  )
}
