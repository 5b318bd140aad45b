import { useEffect } from 'react'

/** Keep a phone's screen on during a call; the lock is lost whenever the page is hidden and taken again after. */
export function useWakeLock(wanted: boolean): void {
  useEffect(() => {
    const { wakeLock } = navigator as Partial<Pick<Navigator, 'wakeLock'>>
    if (!wanted || !wakeLock) return
    let lock: WakeLockSentinel | null = null
    let stopped = false
    const take = async () => {
      if (document.visibilityState !== 'visible') return
      const taken = await wakeLock.request('screen').catch(() => null)
      if (stopped) void taken?.release()
      else lock = taken
    }
    const again = () => void take()
    void take()
    document.addEventListener('visibilitychange', again)
    return () => {
      stopped = true
      document.removeEventListener('visibilitychange', again)
      void lock?.release()
    }
  }, [wanted])
}
