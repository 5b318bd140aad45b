import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { LinkButton, QueryView } from '@/ui'
import styles from './Room.module.css'

/** Something that went wrong on a page without navigation, and below it the ways out. */
export function WayBack({ children, more }: { children: ReactNode; more?: ReactNode }) {
  const { t } = useTranslation()
  return (
    <div className={styles.wayBack}>
      {children}
      <div className={styles.doorButtons}>
        {more}
        <LinkButton to="/" size="large" data-testid="way-home">
          {t('nav.home')}
        </LinkButton>
      </div>
    </div>
  )
}

/** The session whose room this page is, or why it cannot be shown. */
export function SessionView<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  const view = (
    <QueryView page query={query}>
      {children}
    </QueryView>
  )
  return query.data === undefined && query.error ? (
    <div className={styles.door}>
      <WayBack>{view}</WayBack>
    </div>
  ) : (
    view
  )
}
