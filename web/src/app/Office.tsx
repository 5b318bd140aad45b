import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { NavLink, Outlet, useLocation } from 'react-router'
import { usePerson } from '@/api/session'
import { Loading } from '@/ui'
import { FeedbackProvider } from '@/ui/feedback'
import { LineBanner } from './LineBanner'
import { navigationFor } from './nav'
import { NavIcon } from './NavIcon'
import styles from './Office.module.css'
import { TopBar } from './TopBar'
import { useHandle } from './useHandle'

function Navigation() {
  const { t } = useTranslation()
  const person = usePerson()
  return (
    <nav className={styles.nav} aria-label={t('nav.label')}>
      {navigationFor(person.roles).map((item) => (
        <NavLink
          key={item.to}
          to={item.to}
          end={item.to === '/'}
          className={({ isActive }) => `${styles.item} ${isActive ? styles.active : ''}`}
        >
          <NavIcon name={item.icon} />
          <span>{t(`nav.${item.word}`)}</span>
        </NavLink>
      ))}
    </nav>
  )
}

function Frame() {
  const { t } = useTranslation()
  const { full, dark } = useHandle()
  const { pathname } = useLocation()
  if (full)
    return (
      <>
        <LineBanner />
        <main id="main" className={styles.full}>
          <Suspense fallback={<Loading />}>
            <Outlet />
          </Suspense>
        </main>
      </>
    )
  return (
    <div className={styles.frame}>
      <a className="dk-skip" href="#main">
        {t('skip')}
      </a>
      <TopBar />
      <LineBanner />
      <div className={styles.columns}>
        <Navigation />
        <main id="main" tabIndex={-1} className={`${styles.main} ${dark ? styles.wide : ''}`}>
          <Suspense key={pathname} fallback={<Loading />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
    </div>
  )
}

/** Frame of every page behind the gate: top bar, navigation by role, content. Full pages bring their own. */
export function Office() {
  return (
    <FeedbackProvider>
      <Frame />
    </FeedbackProvider>
  )
}
