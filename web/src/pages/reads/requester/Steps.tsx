import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/useFormat'
import type { Read } from '../data'
import styles from './RequestPage.module.css'

/** Sent, taken, signed, acknowledged, answered: each with its time once it happened. */
export function Steps({ read }: { read: Read }) {
  const { t } = useTranslation('reads')
  const { time } = useFormat()
  const steps: [string, string | null, string][] = [
    ['sent', read.submitted_at, read.requester_name],
    ['claimed', read.claimed_at ?? read.signed_at, read.claimed_by_name],
    ['signed', read.signed_at, read.report?.signed_by_name ?? ''],
    ['acknowledged', read.acknowledged_at, read.acknowledged_by_name],
    ['answered', read.outcome_at, ''],
  ]
  if (read.cancelled_at) steps.push(['cancelled', read.cancelled_at, read.cancel_reason])
  return (
    <ol className={styles.steps}>
      {steps.map(([name, at, who]) => (
        <li key={name} className={at ? styles.done : ''}>
          <span aria-hidden>{at ? '✓' : '○'}</span> {t(`step.${name}`)}{' '}
          <span className={styles.when}>
            {at ? time(at) : t('notYet')} {at ? who : ''}
          </span>
        </li>
      ))}
    </ol>
  )
}
