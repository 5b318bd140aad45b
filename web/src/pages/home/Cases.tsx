import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useFormat } from '@/i18n/useFormat'
import { Clock, EmptyState, LinkButton, Panel, QueryView, StateTag, Tag, useNow } from '@/ui'
import { casesOf, isOpen, type Case } from './cases'
import { useConsults, useReads, type ConsultRow, type ReadRow } from './data'
import styles from './HomePage.module.css'

const SHOWN = 12

function usePatient(): (sex: string, age: number | null) => string {
  const { t } = useTranslation('home')
  return (sex, age) =>
    [sex === 'U' ? '' : t(`common:sex.${sex}`), age === null ? '' : String(age)].filter(Boolean).join(' ')
}

function ReadCase({ read }: { read: ReadRow }) {
  const { t } = useTranslation('home')
  const patient = usePatient()
  const waits = read.due_at !== null && !read.signed_at
  const go = read.state === 'uploading' || read.state === 'quality_checked' ? `/reads/new?read=${read.id}` : `/reads/${read.id}`
  return (
    <li className={`${styles.row} ${read.critical_open ? styles.critical : ''}`}>
      <Link to={go} className={`${styles.words} ${styles.link} ${read.unread ? styles.unread : ''}`} data-testid="case">
        {t('kind.read')} {read.patient_name} {patient(read.patient_sex, read.patient_age)}
      </Link>
      {read.critical_open && <Tag tone="critical">{t('criticalOpen')}</Tag>}
      {read.urgency === 'emergency' && waits && <Tag tone="soon">{t('emergency')}</Tag>}
      <StateTag kind="read" state={read.state} />
      {waits && read.due_at && <Clock due={read.due_at} />}
      {read.unread && <b>{t('unread')}</b>}
    </li>
  )
}

function ConsultCase({ consult, now }: { consult: ConsultRow; now: number }) {
  const { t } = useTranslation('home')
  const { time } = useFormat()
  const patient = usePatient()
  const who = consult.patient
  return (
    <li className={styles.row}>
      <Link to={`/consults/${consult.id}`} className={`${styles.words} ${styles.link}`} data-testid="case">
        {t('kind.consult')} {who ? `${who.name} ${patient(who.sex, who.age)}` : consult.requester_org_name}
      </Link>
      <StateTag kind="consult" state={consult.state} />
      {consult.starts_at && <span>{time(consult.starts_at)}</span>}
      {isOpen(consult, now) && (
        <LinkButton type="primary" to={`/room/consult/${consult.id}`} data-testid="join-consult">
          {t('enterRoom')}
        </LinkButton>
      )}
    </li>
  )
}

function keyOf(each: Case): string {
  return each.kind === 'read' ? each.read.id : each.consult.id
}

/** Everything that is open, in the order in which it wants attention. */
export function Cases() {
  const { t } = useTranslation('home')
  const reads = useReads('requester', 50)
  const consults = useConsults(50)
  const now = useNow() * 1000
  return (
    <Panel title={t('myCases')}>
      <QueryView query={reads} rows={3}>
        {(list) => (
          <QueryView query={consults} rows={3}>
            {(more) => {
              const cases = casesOf(list.reads, more.consults, now)
              if (cases.length === 0) return <EmptyState title={t('noCases')} hint={t('noCasesHint')} />
              return (
                <ul className={styles.rows}>
                  {cases.slice(0, SHOWN).map((each) =>
                    each.kind === 'read' ? (
                      <ReadCase key={keyOf(each)} read={each.read} />
                    ) : (
                      <ConsultCase key={keyOf(each)} consult={each.consult} now={now} />
                    ),
                  )}
                  {cases.length > SHOWN && (
                    <li>
                      <Link to="/reads">{t('allReads')}</Link> · <Link to="/consults">{t('allConsults')}</Link>
                    </li>
                  )}
                </ul>
              )
            }}
          </QueryView>
        )}
      </QueryView>
    </Panel>
  )
}
