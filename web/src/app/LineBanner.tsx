import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { useLine } from '@/api/live'
import styles from './LineBanner.module.css'

function watchOnline(changed: () => void): () => void {
  window.addEventListener('online', changed)
  window.addEventListener('offline', changed)
  return () => {
    window.removeEventListener('online', changed)
    window.removeEventListener('offline', changed)
  }
}

/** Says that the line is down and what that means; a bad line is a normal state here. */
export function LineBanner() {
  const { t } = useTranslation()
  const online = useSyncExternalStore(watchOnline, () => navigator.onLine)
  const line = useLine()
  if (online && line !== 'down') return null
  return (
    <div role="status" className={styles.banner}>
      {t(online ? 'line.reconnecting' : 'line.offline')}
    </div>
  )
}
