import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, useNavigate, useParams } from 'react-router'
import { api, unwrap } from '@/api/client'
import type { Model } from '@/api/types'
import { ErrorLine, QueryView, useFeedback } from '@/ui'
import { may, useEcg, useRead, useStep, useTerms, type Read, type Terms } from '../data'
import { PdfButton } from '../report/PdfButton'
import { ReportBody } from '../report/ReportBody'
import { useWords } from '../words'
import { fromDevice, nextOf } from './content'
import { ReadHeader } from './ReadHeader'
import styles from './ReadPage.module.css'
import { ReportPanel, useMainKey } from './ReportPanel'
import { Tracing } from './Tracing'
import { useReport } from './useReport'

/** What is asked, and what was noticed about the recording. */
function Case({ read }: { read: Read }) {
  const { t } = useTranslation('reads')
  const words = useWords()
  const hints = read.file?.hints ?? []
  return (
    <div className={styles.case}>
      <p>{read.question}</p>
      {read.file?.patient.result === 'differs' && <p className={styles.warning}>{t('readerMismatch')}</p>}
      {hints.length > 0 && (
        <ul className={styles.warning}>
          {hints.map((hint) => (
            <li key={hint.code + hint.zh}>{words(hint)}</li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** Not mine yet: look first, take it by one key. */
function Claim({ read }: { read: Read }) {
  const { t } = useTranslation('reads')
  const claim = useStep('claim')
  const free = may(read, 'claim')
  const take = () => {
    if (!claim.isPending) claim.mutate(read.id)
  }
  useMainKey(take, free)
  if (!free) return <p className={styles.taken}>{t('takenBy', { name: read.claimed_by_name })}</p>
  return (
    <div className={styles.signing}>
      <ErrorLine error={claim.error} />
      <Button type="primary" size="large" block loading={claim.isPending} onClick={take} data-testid="claim">
        {t('claimAndRead')} <kbd>⌘/Ctrl ↵</kbd>
      </Button>
    </div>
  )
}

function useGoOn() {
  const { t } = useTranslation('reads')
  const { message } = useFeedback()
  const navigate = useNavigate()
  const client = useQueryClient()
  return async (signed: Read) => {
    const query = { side: 'reader', group: 'open', limit: 50 } as const
    const list = await client
      .query({
        queryKey: ['reads', 'list', query],
        queryFn: () => unwrap(api.GET('/api/reads', { params: { query } })),
        staleTime: 0,
      })
      .catch(() => null)
    const next = nextOf(list?.reads ?? [], signed.id)
    message.success(t(next ? 'signedNext' : 'signedLast'))
    await navigate(next ? `/reads/${next.id}/read` : '/reads')
  }
}

interface WorkProps {
  read: Read
  terms: Terms
  ecg: Model<'EcgView'>
}

function Writing({ read, terms, ecg, amending, onDone }: WorkProps & { amending: boolean; onDone: () => void }) {
  const client = useQueryClient()
  const goOn = useGoOn()
  const begin = amending && read.report ? read.report.content : fromDevice(ecg.device)
  const writing = useReport(read, begin)
  return (
    <ReportPanel
      read={read}
      terms={terms}
      ecg={ecg}
      writing={writing}
      amending={amending}
      onSigned={(signed) => {
        if (amending) onDone()
        else void goOn(signed)
      }}
      onReload={() => void client.invalidateQueries({ queryKey: ['reads', 'one', read.id] }).then(onDone)}
    />
  )
}

/** The right panel: take it, write it, or see what was signed. */
function Panel({ read, terms, ecg }: WorkProps) {
  const { t } = useTranslation('reads')
  const [amending, setAmending] = useState(false)
  // Raised to begin anew from what the server has, after somebody else saved.
  const [round, setRound] = useState(0)
  if (read.report && !amending)
    return (
      <div className={styles.report}>
        <ReportBody report={read.report} terms={terms} />
        <PdfButton id={read.id} version={read.report.version} />
        {may(read, 'amend') && (
          <Button onClick={() => setAmending(true)} data-testid="amend">
            {t('amend')}
          </Button>
        )}
      </div>
    )
  if (!may(read, 'save_draft')) return <Claim read={read} />
  return (
    <Writing
      key={`${read.id}/${amending}/${round}`}
      read={read}
      terms={terms}
      ecg={ecg}
      amending={amending}
      onDone={() => {
        setAmending(false)
        setRound(round + 1)
      }}
    />
  )
}

function Reading({ read, terms }: { read: Read; terms: Terms }) {
  const { t } = useTranslation('reads')
  const ecg = useEcg(read.id)
  useEffect(() => {
    document.title = `${t('reading')} · ${t('common:product')}`
  }, [t])
  if (read.side === 'requester') return <Navigate to={`/reads/${read.id}`} replace />
  return (
    <div className={styles.page}>
      <ReadHeader read={read} terms={terms} />
      <div className={styles.paper}>
        <Tracing id={read.id} />
      </div>
      <aside className={styles.panel} aria-label={t('report')}>
        <Case read={read} />
        <QueryView query={ecg}>{(facts) => <Panel key={read.id} read={read} terms={terms} ecg={facts} />}</QueryView>
      </aside>
    </div>
  )
}

/** One tracing, large and dark, with its report beside it. The next one loads by itself after signing. */
export function ReadPage() {
  const { readId = '' } = useParams()
  const read = useRead(readId)
  const terms = useTerms()
  return (
    <QueryView query={read} page>
      {(found) => <QueryView query={terms} page>{(list) => <Reading key={found.id} read={found} terms={list} />}</QueryView>}
    </QueryView>
  )
}
