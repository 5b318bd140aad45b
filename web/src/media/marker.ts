import type { Choices } from './types'

/** A marker in this tab's storage that says "in this room": a reload goes straight back in. */

const PREFIX = 'duikou.room.'

export const RECEIVE_ONLY: Choices = { camera: false, microphone: false, cameraId: '', microphoneId: '' }

export function rememberJoined(name: string, choices: Choices): void {
  try {
    sessionStorage.setItem(PREFIX + name, JSON.stringify(choices))
  } catch {
    // Without storage a reload asks again.
  }
}

export function forgetJoined(name: string): void {
  try {
    sessionStorage.removeItem(PREFIX + name)
  } catch {
    // Nothing was kept.
  }
}

export function parseChoices(text: string | null): Choices | null {
  if (!text) return null
  try {
    const value = JSON.parse(text) as Partial<Record<keyof Choices, unknown>> | null
    if (typeof value !== 'object' || value === null) return null
    const word = (part: unknown) => (typeof part === 'string' ? part : '')
    return {
      camera: value.camera === true,
      microphone: value.microphone === true,
      cameraId: word(value.cameraId),
      microphoneId: word(value.microphoneId),
    }
  } catch {
    return null
  }
}

export function joinedBefore(name: string): Choices | null {
  try {
    return parseChoices(sessionStorage.getItem(PREFIX + name))
  } catch {
    return null
  }
}

/** A random id of this tab, kept over reloads, so that the server knows a returning device from a second one. */
export function deviceId(): string {
  const key = `${PREFIX}device`
  try {
    const known = sessionStorage.getItem(key)
    if (known) return known
    const made = crypto.randomUUID()
    sessionStorage.setItem(key, made)
    return made
  } catch {
    return ''
  }
}
