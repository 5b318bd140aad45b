import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { api, unwrap } from '@/api/client'
import { useApiAction } from '@/api/query'
import { Clock, StateTag, Tag, useFeedback, useReason } from '@/ui'
import { may, useReads, useStep, type Read, type Terms } from '../data'
import { usePatientText, useWords } from '../words'
import { CriticalDialog } from './CriticalDialog'
import styles from './ReadPage.module.css'

/** Send it back to the requester with what to fix. */
function ReturnButton({ read, terms }: { read: Read; terms: Terms }) {
  const { t } = useTranslation('reads')
  const words = useWords()
  const ask = useReason()
  const navigate = useNavigate()
  const { message } = useFeedback()
  const back = useApiAction({
    run: (reason: string) =>
      unwrap(api.POST('/api/reads/{read_id}/return', { params: { path: { read_id: read.id } }, body: { reason } })),
    touches: ['reads'],
    onDone: () => {
      message.success(t('returnedDone'))
      void navigate('/reads')
    },
  })
  const run = async () => {
    const reason = await ask({
      title: t('returnTitle'),
      consequence: t('returnConsequence'),
      confirm: t('return'),
      suggestions: terms.return_reasons.map(words),
    })
    if (reason) back.mutate(reason, { onError: () => void message.error(t('returnFailed')) })
  }
  return (
    <Button onClick={() => void run()} loading={back.isPending} data-testid="return">
      {t('return')}
    </Button>
  )
}

function ReleaseButton({ read }: { read: Read }) {
  const { t } = useTranslation('reads')
  const navigate = useNavigate()
  const release = useStep('release', () => void navigate('/reads'))
  return (
    <Button type="text" onClick={() => release.mutate(read.id)} loading={release.isPending} data-testid="release">
      {t('release')}
    </Button>
  )
}

function QueueLink() {
  const { t } = useTranslation('reads')
  const queue = useReads({ side: 'reader', group: 'open', limit: 200 })
  return (
    <Link to="/reads" className={styles.queue}>
      <span aria-hidden>←</span> {t('queue', { count: queue.data?.counts.queued ?? 0 })}
    </Link>
  )
}

/** Whose tracing this is, how much time is left, and what can be done besides reporting. */
export function ReadHeader({ read, terms }: { read: Read; terms: Terms }) {
  const { t } = useTranslation('reads')
  const patient = usePatientText()
  const [marking, setMarking] = useState(false)
  const waiting = read.signed_at === null
  return (
    <header className={styles.header}>
      <QueueLink />
      <h1 className={styles.title}>
        {[read.patient.name, patient(read.patient.sex, read.patient.age), read.symptoms].filter(Boolean).join(' · ')}
      </h1>
      <span className={styles.unit}>
        {read.requesting_name} {read.requester_name}
      </span>
      <span className={styles.space} />
      {read.critical && <Tag tone="critical">{t(read.critical_open ? 'criticalOpen' : 'critical')}</Tag>}
      {read.urgency === 'emergency' && <Tag tone="soon">{t('urgency.emergency')}</Tag>}
      {waiting && read.due_at ? <Clock due={read.due_at} /> : <StateTag kind="read" state={read.state} />}
      {may(read, 'mark_critical') && (
        <Button className={styles.danger ?? ''} onClick={() => setMarking(true)} data-testid="critical">
          {t('criticalButton')}
        </Button>
      )}
      {may(read, 'return') && <ReturnButton read={read} terms={terms} />}
      {may(read, 'release') && <ReleaseButton read={read} />}
      {marking && <CriticalDialog read={read} terms={terms} onClose={() => setMarking(false)} />}
    </header>
  )
}
