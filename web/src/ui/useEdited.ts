import { useState } from 'react'

/**
 * A text that the person edits and that may change on the server meanwhile: what is typed stays, what was not
 * touched follows the server.
 */
export function useEdited<T>(saved: T): { value: T; edited: boolean; edit: (value: T) => void; reset: () => void } {
  const [typed, setTyped] = useState<{ value: T } | null>(null)
  return {
    value: typed ? typed.value : saved,
    edited: typed !== null,
    edit: (value) => setTyped({ value }),
    reset: () => setTyped(null),
  }
}
