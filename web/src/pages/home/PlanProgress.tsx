import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { usePerson } from '@/api/session'
import { EmptyState, Panel, QueryView, Tag, useNow } from '@/ui'
import { yearShare } from './cases'
import { usePlanProgress, type Progress } from './data'
import styles from './HomePage.module.css'

function Bar({ item, share }: { item: Progress['items'][number]; share: number }) {
  const { t } = useTranslation('home')
  const done = item.target > 0 ? Math.min(1, item.done / item.target) : 1
  const behind = item.done < item.target * share
  return (
    <li className={styles.plan}>
      <span>{t(`activity.${item.kind}`)}</span>
      <svg width="100%" height="12" role="img" aria-label={t('planBar', { done: item.done, target: item.target })}>
        <rect width="100%" height="12" className={styles.ground} />
        <rect width={`${done * 100}%`} height="12" className={styles.fill} />
        <line x1={`${share * 100}%`} x2={`${share * 100}%`} y1="0" y2="12" className={styles.mark} />
      </svg>
      <span>
        {item.done} / {item.target}
      </span>
      {behind && <Tag tone="soon">{t('behind', { count: Math.ceil(item.target * share - item.done) })}</Tag>}
    </li>
  )
}

/** This year's plans: what the log holds of each, against the share of the year that has passed. */
export function PlanProgress() {
  const { t } = useTranslation('home')
  const own = usePerson().organisation.id
  const now = new Date(useNow() * 1000)
  const query = usePlanProgress(now.getUTCFullYear(), own)
  const share = yearShare(now)
  return (
    <Panel title={t('plan')}>
      <QueryView query={query} rows={4}>
        {(agreements) =>
          agreements.length === 0 ? (
            <EmptyState title={t('noPlan')} hint={t('noPlanHint')} />
          ) : (
            agreements.map((each) => (
              <section key={each.agreementId} className={styles.agreement}>
                <h3 className={styles.partner}>
                  <Link to={`/assess/score/${each.agreementId}`}>
                    {each.partner} · {each.number}
                  </Link>
                </h3>
                <ul className={styles.rows}>
                  {each.items.map((item) => (
                    <Bar key={item.kind} item={item} share={share} />
                  ))}
                </ul>
              </section>
            ))
          )
        }
      </QueryView>
      <p className={styles.muted}>{t('planNote')}</p>
    </Panel>
  )
}
