import { useMediaDeviceSelect } from '@livekit/components-react'
import type { Room } from 'livekit-client'
import { useTranslation } from 'react-i18next'
import { ControlIcon } from './ControlIcon'
import styles from './Room.module.css'

function Devices({ room, kind, label }: { room: Room; kind: MediaDeviceKind; label: string }) {
  const { t } = useTranslation('room')
  const { devices, activeDeviceId, setActiveMediaDevice } = useMediaDeviceSelect({ kind, room })
  if (devices.length === 0) return null
  return (
    <label className={styles.field}>
      <span>{label}</span>
      <select value={activeDeviceId} onChange={(event) => void setActiveMediaDevice(event.target.value)}>
        {devices.map((device, index) => (
          <option key={device.deviceId} value={device.deviceId}>
            {device.label || t('device.numbered', { number: index + 1 })}
          </option>
        ))}
      </select>
    </label>
  )
}

/** Change camera, microphone or loudspeaker during the call. */
export function DeviceMenu({ room }: { room: Room }) {
  const { t } = useTranslation('room')
  return (
    <details className={styles.menu}>
      <summary className={styles.control} data-testid="room-devices">
        <ControlIcon name="devices" />
        <span>{t('devices')}</span>
      </summary>
      <div className={styles.sheet}>
        <Devices room={room} kind="audioinput" label={t('microphone')} />
        <Devices room={room} kind="videoinput" label={t('camera')} />
        <Devices room={room} kind="audiooutput" label={t('loudspeaker')} />
      </div>
    </details>
  )
}
