import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Clock, EmptyState, LinkButton, Panel, QueryView, StateTag, Tag } from '@/ui'
import { useAgenda, useReads } from './data'
import styles from './HomePage.module.css'

/** What waits to be read, by urgency and clock; the first can be opened by Enter. */
export function Queue() {
  const { t } = useTranslation('home')
  const reads = useReads('reader', 8)
  return (
    <Panel title={t('queue')} extra={<Link to="/reads">{t('allReads')}</Link>}>
      <QueryView query={reads} rows={3}>
        {({ reads: rows, counts }) => {
          const waiting = rows.filter((row) => row.due_at !== null && !row.signed_at)
          if (waiting.length === 0) return <EmptyState title={t('queueEmpty')} hint={t('queueEmptyHint')} />
          return (
            <>
              <p className={styles.muted}>
                {t('queueCounts', { queued: counts.queued, emergency: counts.emergency_waiting })}
              </p>
              <ul className={styles.rows}>
                {waiting.map((row) => (
                  <li key={row.id} className={styles.row}>
                    <Link to={`/reads/${row.id}/read`} className={`${styles.words} ${styles.link}`} data-testid="queue-row">
                      {t(`common:sex.${row.patient_sex}`)} {row.patient_age ?? ''} · {row.requesting_name}
                    </Link>
                    {row.urgency === 'emergency' && <Tag tone="soon">{t('emergency')}</Tag>}
                    <StateTag kind="read" state={row.state} />
                    {row.due_at && <Clock due={row.due_at} />}
                  </li>
                ))}
              </ul>
            </>
          )
        }}
      </QueryView>
    </Panel>
  )
}

/** What waits for this person's answer, one line each. */
export function Waiting() {
  const { t } = useTranslation('home')
  const counts = useAgenda().data?.counts
  const lines = (['consults_to_answer', 'consults_to_complete', 'opinions_to_sign', 'outcomes_to_report'] as const).filter(
    (name) => (counts?.[name] ?? 0) > 0,
  )
  if (!counts || lines.length === 0) return null
  return (
    <ul className={styles.waiting}>
      {lines.map((name) => (
        <li key={name}>
          <LinkButton to="/consults">{t(name, { count: counts[name] })}</LinkButton>
        </li>
      ))}
    </ul>
  )
}
