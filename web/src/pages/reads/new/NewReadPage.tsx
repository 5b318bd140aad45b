import { useQuery } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import { api, unwrap } from '@/api/client'
import { usePerson } from '@/api/session'
import { EmptyState, ErrorLine, Forbidden, Loading, PageHeader, QueryView, useFeedback } from '@/ui'
import { PatientPicker } from '@/ui/patient/PatientPicker'
import { useRead, type Read } from '../data'
import { CheckResult } from './CheckResult'
import { FilePicker } from './FilePicker'
import styles from './NewReadPage.module.css'
import { useNewRead, type Draft } from './useNewRead'

interface Unit {
  id: string
  name: string
}

/** Units that support ours under an agreement in force. */
function useSupporters() {
  const own = usePerson().organisation.id
  return useQuery({
    queryKey: ['pairing', 'supporters', own],
    queryFn: async (): Promise<Unit[]> => {
      const { agreements } = await unwrap(api.GET('/api/agreements'))
      const held = agreements.filter((each) => each.in_force && each.recipient_id === own)
      return held.map((each) => ({ id: each.supporting_id, name: each.supporting_name }))
    },
    staleTime: 300_000,
  })
}

function Step({ number, title, children }: { number: number; title: string; children: React.ReactNode }) {
  return (
    <section className={styles.step} aria-label={title}>
      <h2 className={styles.stepTitle}>
        <span className={styles.number} aria-hidden>
          {number}
        </span>
        {title}
      </h2>
      {children}
    </section>
  )
}

interface TextsProps {
  draft: Draft
  units: Unit[]
  fixedUnit: boolean
  onChange: (changes: Partial<Draft>) => void
}

/** How urgent, what is wrong, what is asked, and of whom. */
function Texts({ draft, units, fixedUnit, onChange }: TextsProps) {
  const { t } = useTranslation('reads')
  const offered = t('symptomChips').split('|')
  return (
    <div className={styles.texts}>
      <fieldset className={styles.urgency}>
        <legend className="dk-quiet">{t('urgencyLabel')}</legend>
        {(['routine', 'emergency'] as const).map((value) => (
          <label key={value} className={draft.urgency === value ? styles.on : ''}>
            <input
              type="radio"
              name="urgency"
              checked={draft.urgency === value}
              onChange={() => onChange({ urgency: value })}
              data-testid={`urgency-${value}`}
            />{' '}
            <b>{t(`urgency.${value}`)}</b> <span className={styles.muted}>{t(`urgencyNote.${value}`)}</span>
          </label>
        ))}
      </fieldset>
      <label htmlFor="symptoms">{t('symptoms')}</label>
      <div className={styles.chips}>
        {offered.map((each) => (
          <button
            key={each}
            type="button"
            className="dk-chip"
            onClick={() => onChange({ symptoms: draft.symptoms ? `${draft.symptoms} ${each}` : each })}
          >
            {each}
          </button>
        ))}
      </div>
      <Input.TextArea
        id="symptoms"
        value={draft.symptoms}
        maxLength={1000}
        autoSize={{ minRows: 1, maxRows: 4 }}
        onChange={(event) => onChange({ symptoms: event.target.value })}
      />
      <label htmlFor="question">{t('question')}</label>
      <Input.TextArea
        id="question"
        value={draft.question}
        placeholder={t('questionStandIn')}
        maxLength={1000}
        autoSize={{ minRows: 1, maxRows: 4 }}
        onChange={(event) => onChange({ question: event.target.value })}
        data-testid="question"
      />
      {units.length > 1 && (
        <>
          <label htmlFor="unit">{t('askedUnit')}</label>
          <select
            id="unit"
            className={styles.select}
            value={draft.supportingId}
            disabled={fixedUnit}
            onChange={(event) => onChange({ supportingId: event.target.value })}
          >
            {units.map((unit) => (
              <option key={unit.id} value={unit.id}>
                {unit.name}
              </option>
            ))}
          </select>
        </>
      )}
    </div>
  )
}

/** Send what was begun, once the file is there and the patient is sure. */
function Submit({ making, confirmed }: { making: ReturnType<typeof useNewRead>; confirmed: boolean }) {
  const { t } = useTranslation('reads')
  const { message } = useFeedback()
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const { read, sending } = making
  const blocked = !read?.file || sending.state === 'sending' || (read.file.patient.must_confirm && !confirmed)
  const send = async () => {
    setBusy(true)
    setError(null)
    try {
      const sent = await making.submit(confirmed)
      message.success(t('submitted1'))
      await navigate(`/reads/${sent.id}`)
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  return (
    <div className={styles.submit}>
      <ErrorLine error={error} />
      <Button
        type="primary"
        size="large"
        block
        disabled={blocked}
        loading={busy}
        onClick={() => void send()}
        data-testid="submit-read"
      >
        {t('submit')}
      </Button>
      {blocked && <p className={styles.muted}>{t(read?.file ? 'submitNeedsConfirm' : 'submitNeedsFile')}</p>}
    </div>
  )
}

function Form({ units, begun }: { units: Unit[]; begun: Read | null }) {
  const { t } = useTranslation('reads')
  const { modal } = useFeedback()
  const [, setSearch] = useSearchParams()
  const [confirmed, setConfirmed] = useState(false)
  const [draft, setDraft] = useState<Draft>({
    patient: begun ? { ...begun.patient, birth_date: null, demo: begun.demo, created_at: begun.created_at } : null,
    supportingId: begun?.supporting_id ?? units[0]?.id ?? '',
    urgency: begun?.urgency ?? 'routine',
    symptoms: begun?.symptoms ?? '',
    question: begun?.question ?? '',
  })
  const change = (changes: Partial<Draft>) => setDraft((before) => ({ ...before, ...changes }))
  const making = useNewRead(draft, t('questionStandIn'), begun)
  const { read, sending } = making
  const startOver = () => {
    void modal.confirm({
      title: t('startOver'),
      content: t('startOverNote'),
      okText: t('otherPatient'),
      cancelText: t('common:cancel'),
      onOk: async () => {
        await making.discard(t('otherPatient'))
        change({ patient: null })
        setSearch({}, { replace: true })
      },
    })
  }
  return (
    <>
      <Step number={1} title={t('patient')}>
        <PatientPicker
          patient={draft.patient}
          onPick={(patient) => change({ patient })}
          {...(read !== null || sending.state === 'sending' ? { onChangeMind: startOver } : {})}
        />
      </Step>
      <Step number={2} title={t('recording')}>
        {read?.file && sending.state !== 'sending' && (
          <CheckResult check={read.file} confirmed={confirmed} onConfirm={setConfirmed} />
        )}
        <FilePicker
          sending={sending}
          waitsFor={draft.patient ? '' : t('patientFirst')}
          again={Boolean(read?.file)}
          onFile={(file) => {
            setConfirmed(false)
            void making.send(file)
          }}
          onCancel={making.cancelUpload}
        />
      </Step>
      <Step number={3} title={t('caseTitle')}>
        <Texts draft={draft} units={units} fixedUnit={read !== null} onChange={change} />
      </Step>
      <Submit making={making} confirmed={confirmed} />
    </>
  )
}

/** Goes on with a request that was begun or sent back: its address names it. */
function Begun({ id, units }: { id: string; units: Unit[] }) {
  const { t } = useTranslation('reads')
  const query = useRead(id)
  return (
    <QueryView query={query}>
      {(read) => (
        <>
          {read.return_reason && (
            <p className={styles.returned} role="note">
              {t('returnedBecause', { reason: read.return_reason })}
            </p>
          )}
          <Form units={units} begun={read} />
        </>
      )}
    </QueryView>
  )
}

/** Ask for a read: whose, the recording, what is asked. Sent in under a minute. */
export function NewReadPage() {
  const { t } = useTranslation('reads')
  const { permissions } = usePerson()
  const [search] = useSearchParams()
  const units = useSupporters()
  const begun = search.get('read')
  if (!permissions.includes('reads:read:request')) return <Forbidden page />
  return (
    <div className={styles.page}>
      <PageHeader title={t('newRead')} back={{ to: '/reads', label: t('requestsTitle') }} />
      {units.isPending && <Loading />}
      {units.isError && <QueryView query={units}>{() => null}</QueryView>}
      {units.data?.length === 0 && <EmptyState title={t('noSupporter')} hint={t('noSupporterHint')} />}
      {units.data && units.data.length > 0 && (begun ? <Begun key={begun} id={begun} units={units.data} /> : <Form units={units.data} begun={null} />)}
    </div>
  )
}
