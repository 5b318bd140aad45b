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
