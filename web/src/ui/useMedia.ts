import { useCallback, useSyncExternalStore } from 'react'
import { breakpoints } from './tokens'

/** Whether a media query holds now. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      const list = window.matchMedia(query)
      list.addEventListener('change', changed)
      return () => list.removeEventListener('change', changed)
    },
    [query],
  )
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches)
}

export function usePhone(): boolean {
  return useMedia(`(max-width: ${breakpoints.phone}px)`)
}
