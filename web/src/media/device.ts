import { Track } from 'livekit-client'
import { useTranslation } from 'react-i18next'

/** What is wrong with a camera, a microphone or a shared screen, as far as the browser tells. */
export type DeviceTrouble = 'denied' | 'missing' | 'busy' | 'failed'

const TROUBLES: Partial<Record<string, DeviceTrouble>> = {
  NotAllowedError: 'denied',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  // Held by a telephone call or another program.
  NotReadableError: 'busy',
  AbortError: 'busy',
}

/** The trouble behind a refusal, by the browser's own name for it. */
export function deviceTrouble(error: unknown): DeviceTrouble {
  const name = error instanceof DOMException || error instanceof Error ? error.name : ''
  return TROUBLES[name] ?? 'failed'
}

/** What a person in a call is told of a device that does not open, and what to do: nothing asks for a reload. */
export function useDeviceWord(): (error: unknown, source: Track.Source) => string {
  const { t } = useTranslation('room')
  return (error, source) => {
    if (source === Track.Source.Microphone)
      return t(`notOpened.${deviceTrouble(error)}`, { device: t('microphone'), button: t('unmute') })
    if (source === Track.Source.Camera)
      return t(`notOpened.${deviceTrouble(error)}`, { device: t('camera'), button: t('cameraOn') })
    return t('notOpened.screen')
  }
}
