import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/useFormat'
import { Clock, EmptyState, LinkButton, Panel, QueryView, StateTag } from '@/ui'
import { useAgenda, type AgendaItem } from './data'
import styles from './HomePage.module.css'

function Session({ item }: { item: AgendaItem }) {
  const { t } = useTranslation('home')
  const { hour } = useFormat()
  const area = item.kind === 'lecture' ? 'lectures' : 'consults'
  return (
    <li className={styles.row}>
      <span className={styles.hour}>{hour(item.starts_at)}</span>
      <span className={styles.words}>
        {t(`kind.${item.kind}`)} · <b>{item.kind === 'lecture' ? item.title : item.with_name}</b>{' '}
        {item.kind === 'lecture' && <span className={styles.muted}>{item.with_name}</span>}
      </span>
      <StateTag kind={item.kind} state={item.state} />
      {item.can_join ? (
        <LinkButton type="primary" size="large" className={styles.join ?? ''} to={`/room/${item.kind}/${item.id}`} data-testid={`join-${item.kind}`}>
          {t(item.role === 'audience' || item.kind === 'lecture' ? 'enterLecture' : 'enterRoom')}
        </LinkButton>
      ) : (
        <span className={styles.muted}>
          <Clock due={item.opens_at} soon={0} />
        </span>
      )}
      {!item.can_join && <LinkButton to={`/${area}/${item.id}`}>{t('look')}</LinkButton>}
    </li>
  )
}

/** Today's sessions; only what can be joined now has a filled button. */
export function Today() {
  const { t } = useTranslation('home')
  const agenda = useAgenda()
  return (
    <Panel title={t('today')}>
      <QueryView query={agenda} rows={2}>
        {({ sessions }) => {

          return sessions.length === 0 ? (
            <EmptyState title={t('nothingToday')} hint={t('nothingTodayHint')} />
          ) : (
            <ul className={styles.rows}>
              {sessions.map((item) => (
                <Session key={item.id} item={item} />
              ))}
            </ul>
          )
        }}
      </QueryView>
    </Panel>
  )
}
