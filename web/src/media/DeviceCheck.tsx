import { Button } from 'antd'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { deviceTrouble } from './device'
import { rememberedMode } from './lowData'
import styles from './Room.module.css'
import type { Choices, RoomKind } from './types'
import { useLevel, useLocalMedia } from './useLocalMedia'

interface DeviceCheckProps {
  title: ReactNode
  marks: ReactNode
  kind: RoomKind
  canPublish: boolean
  joining: boolean
  /** beside the title: what everybody is to know before going in */
  sign: ReactNode
  onJoin: (choices: Choices) => void
  onLeave: () => void
}

/** Joining takes a second or two; on a bad line ten. */
const LONG_MS = 12_000

interface DeviceListProps {
  label: string
  kind: MediaDeviceKind
  devices: MediaDeviceInfo[]
  value: string
  onChange: (id: string) => void
}

function DeviceList({ label, kind, devices, value, onChange }: DeviceListProps) {
  const { t } = useTranslation('room')
  const found = devices.filter((device) => device.kind === kind && device.deviceId)
  if (found.length === 0) return null
  return (
    <label className={styles.field}>
      <span>{label}</span>
      <select value={value || found[0]?.deviceId} onChange={(event) => onChange(event.target.value)}>
        {found.map((device, index) => (
          <option key={device.deviceId} value={device.deviceId}>
            {device.label || t('device.numbered', { number: index + 1 })}
          </option>
        ))}
      </select>
    </label>
  )
}

function Preview({ stream, camera }: { stream: MediaStream | null; camera: boolean }) {
  const { t } = useTranslation('room')
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    if (video.current) video.current.srcObject = camera ? stream : null
  }, [stream, camera])
  return (
    <div className={styles.preview}>
      {camera && stream ? (
        // The person's own picture, without sound: there is nothing to caption.
         
        <video ref={video} autoPlay playsInline muted aria-label={t('self')} data-testid="room-preview" />
      ) : (
        <span>{t(camera ? 'device.opening' : 'device.cameraOff')}</span>
      )}
    </div>
  )
}

function Meter({ stream }: { stream: MediaStream | null }) {
  const { t } = useTranslation('room')
  const level = useLevel(stream)
  return (
    <div className={styles.field}>
      <span id="mic-level">{t('device.level')}</span>
      <meter aria-labelledby="mic-level" min={0} max={1} value={level} data-testid="room-level" />
    </div>
  )
}

/** While it connects: what happens, what helps when it takes long, and a way back. */
function Joining({ onLeave }: { onLeave: () => void }) {
  const { t } = useTranslation('room')
  const [long, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), LONG_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <>
      <div role="status" className={styles.calm} data-testid="room-joining">
        <p>{t('joining')}</p>
        {long && <p data-testid="room-joining-long">{t('joiningLong')}</p>}
      </div>
      <div className={styles.doorButtons}>
        <Button size="large" onClick={onLeave} data-testid="room-give-up">
          {t('giveUp')}
        </Button>
      </div>
    </>
  )
}

/** Before joining: see and hear oneself, choose devices, or go in without them. An audience just goes in. */
export function DeviceCheck({ title, marks, kind, canPublish, joining, sign, onJoin, onLeave }: DeviceCheckProps) {
  const { t } = useTranslation('room')
  const [camera, setCamera] = useState(() => rememberedMode() !== 'voice_only')
  const [cameraId, setCameraId] = useState('')
  const [microphoneId, setMicrophoneId] = useState('')
  const active = canPublish && !joining
  const { stream, devices, error } = useLocalMedia(active, { camera, cameraId, microphoneId })
  const choices = { camera, microphone: true, cameraId, microphoneId }
  return (
    <div className={styles.check}>
      <header className={styles.checkHead}>
        <h1>{title}</h1>
        {marks}
        {sign}
      </header>
      {joining && <Joining onLeave={onLeave} />}
      {active && (
        <>
          <Preview stream={stream} camera={camera} />
          <div className={styles.fields}>
            <Meter stream={stream} />
            <DeviceList
              label={t('camera')}
              kind="videoinput"
              devices={devices}
              value={cameraId}
              onChange={setCameraId}
            />
            <DeviceList
              label={t('microphone')}
              kind="audioinput"
              devices={devices}
              value={microphoneId}
              onChange={setMicrophoneId}
            />
            <label className={styles.tick}>
              <input type="checkbox" checked={camera} onChange={(event) => setCamera(event.target.checked)} />
              {t('device.useCamera')}
            </label>
          </div>
          {error !== null && (
            <p role="alert" className={styles.warning}>
              {t(`device.${deviceTrouble(error)}`)}
            </p>
          )}
        </>
      )}
      {!joining && (
        <div className={styles.doorButtons}>
          {error === null && (
            <Button type="primary" size="large" onClick={() => onJoin(choices)} data-testid="room-join">
              {t(canPublish ? `join.${kind}` : 'join.listen')}
            </Button>
          )}
          {canPublish && (
            <Button
              size="large"
              onClick={() => onJoin({ ...choices, camera: false })}
              data-testid="room-join-without-camera"
            >
              {t('join.withoutCamera')}
            </Button>
          )}
          {canPublish && error !== null && (
            <Button
              size="large"
              onClick={() => onJoin({ ...choices, camera: false, microphone: false })}
              data-testid="room-join-listening"
            >
              {t('join.onlyListen')}
            </Button>
          )}
          <Button size="large" onClick={onLeave} data-testid="room-turn-back">
            {t('turnBack')}
          </Button>
        </div>
      )}
      {!canPublish && !joining && <p className={styles.quiet}>{t('join.listenHint')}</p>}
    </div>
  )
}
