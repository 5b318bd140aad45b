import { useTranslation } from 'react-i18next'
import { Link, Navigate } from 'react-router'
import type { Role } from '@/api/types'
import { usePerson } from '@/api/session'
import { PageHeader } from '@/ui'
import { Cases } from './Cases'
import { Health } from './Health'
import styles from './HomePage.module.css'
import { PlanProgress } from './PlanProgress'
import { Queue, Waiting } from './Queue'
import { Today } from './Today'

/** The two things that are done daily, as the two biggest buttons. */
function Ask() {
  const { t } = useTranslation('home')
  return (
    <nav className={styles.ask} aria-label={t('ask')}>
      <Link to="/reads/new" className={styles.big} data-testid="ask-read">
        <span aria-hidden>↑</span> {t('askRead')}
      </Link>
      <Link to="/consults/new" className={styles.big} data-testid="ask-consult">
        <span aria-hidden>☎</span> {t('askConsult')}
      </Link>
    </nav>
  )
}

/** The first screen by role: what this person most likely came to do, on top. */
export function HomePage() {
  const { t } = useTranslation('home')
  const { roles, name } = usePerson()
  const is = (...wanted: Role[]) => wanted.some((role) => roles.includes(role))
  const joins = is('rural_doctor', 'specialist', 'coordinator', 'lecturer', 'learner')
  if (!joins && is('assessor', 'authority')) return <Navigate to="/assess/score" replace />
  return (
    <>
      <PageHeader title={t('greeting', { name })} tab={t('common:nav.home')} />
      {is('rural_doctor') && <Ask />}
      {is('rural_doctor', 'specialist') && <Waiting />}
      {is('specialist') && <Queue />}
      {joins && <Today />}
      {is('rural_doctor') && <Cases />}
      {is('coordinator') && <PlanProgress />}
      {is('administrator') && <Health />}
    </>
  )
}
