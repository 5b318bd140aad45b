import { useAudioPlayback, useConnectionState } from '@livekit/components-react'
import { ConnectionState, type Room } from 'livekit-client'
import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { outageOf, type Sentence } from './line'
import styles from './Room.module.css'
import type { Interruption } from './useInterruption'
import type { LowData } from './useLowData'

/** Seconds since the line broke; null while it holds. */
function useOutage(room: Room, away: number | null): number | null {
  const state = useConnectionState(room)
  const broken =
    away !== null || state === ConnectionState.Reconnecting || state === ConnectionState.SignalReconnecting
  const began = useRef(0)
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    if (!broken) return
    began.current = Date.now()
    const timer = setInterval(() => setSeconds(Math.round((Date.now() - began.current) / 1000)), 1000)
    return () => {
      clearInterval(timer)
      setSeconds(0)
    }
  }, [broken])
  return broken ? seconds : null
}

function Outage({ seconds }: { seconds: number }) {
  const { t } = useTranslation('room')
  return (
    <p className={styles.banner} data-testid="room-reconnecting">
      {t(`outage.${outageOf(seconds)}`)}{' '}
      {/* The count is for the eye: read out every second it would drown the words. */}
      <span aria-hidden>{t('outage.seconds', { seconds })}</span>
    </p>
  )
}

interface BannersProps {
  room: Room
  away: number | null
  lowData: LowData
  line: Sentence | null
  interruption: Interruption
}

/** What happens to the line and to the sound, in words; never in the way, never asking for a click. */
export function Banners({ room, away, lowData, line, interruption }: BannersProps) {
  const { t } = useTranslation('room')
  const { canPlayAudio, startAudio } = useAudioPlayback(room)
  const outage = useOutage(room, away)
  const thin = lowData.mode === 'auto' && lowData.thin
  return (
    <div aria-live="polite" data-testid="room-banners">
      {outage !== null && <Outage seconds={outage} />}
      {outage === null && line && (
        <p
          className={`${styles.banner} ${line === 'restored' ? styles.good : ''}`}
          data-testid="room-line-sentence"
          data-line={line}
        >
          {t(`line.${line}`)}
        </p>
      )}
      {outage === null && !line && thin && (
        <p className={styles.banner} data-testid="room-thin">
          {t('line.thin')}
        </p>
      )}
      {interruption !== 'none' && (
        <p
          className={`${styles.banner} ${interruption === 'resumed' ? styles.good : ''}`}
          data-testid="room-interruption"
        >
          {t(`interruption.${interruption}`)}
        </p>
      )}
      {!canPlayAudio && outage === null && (
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
