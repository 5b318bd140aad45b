import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api, unwrap } from '@/api/client'
import { useApiAction } from '@/api/query'
import { serverNow } from '@/api/serverTime'
import { usePerson } from '@/api/session'
import type { Model } from '@/api/types'
import { Choose, EmptyState, ErrorLine, Forbidden, PageHeader, Panel, QueryView, useFeedback } from '@/ui'
import styles from '../detail/Lecture.module.css'
import { LectureFields } from './LectureFields'

type Draft = Required<Model<'LectureRequest'>>
type Agreement = Model<'AgreementView'>

const HOUR = 3_600_000

function useAgreements(unit: string) {
  return useQuery({
    queryKey: ['pairing', 'agreements'],
    queryFn: () => unwrap(api.GET('/api/agreements')),
    select: ({ agreements }) => agreements.filter((each) => each.in_force && each.supporting_id === unit),
  })
}

function useColleagues(unit: string) {
  return useQuery({
    queryKey: ['people', 'directory', unit, 'all'],
    queryFn: () => unwrap(api.GET('/api/directory', { params: { query: { organisation_id: unit } } })),
    select: ({ staff }) =>
      staff.filter((each) => each.roles.includes('lecturer') || each.roles.includes('specialist')),
  })
}

interface PartProps {
  draft: Draft
  change: (changes: Partial<Draft>) => void
}

function Lecturer({ draft, change }: PartProps) {
  const { t } = useTranslation('lectures')
  const person = usePerson()
  const colleagues = useColleagues(person.organisation.id)
  return (
    <div className={styles.fields}>
      <label htmlFor="lecturer">{t('lecturer')}</label>
      <Choose
        id="lecturer"
        placeholder={t('myself')}
        value={draft.lecturer_id ?? ''}
        options={(colleagues.data ?? []).map((each) => ({ value: each.id, label: `${each.name} ${each.title}` }))}
        allowClear
        search
        onChange={(value) => change({ lecturer_id: value || null })}
        testId="lecturer"
      />
    </div>
  )
}

function Invited({ draft, change, agreements }: PartProps & { agreements: Agreement[] }) {
  const { t } = useTranslation('lectures')
  return (
    <fieldset className={styles.ticks}>
      <legend className="dk-quiet">{t('invited')}</legend>
      {agreements.map((agreement) => {
        const on = draft.agreement_ids.includes(agreement.id)
        const others = draft.agreement_ids.filter((id) => id !== agreement.id)
        return (
          <label key={agreement.id} className={styles.tick}>
            <input
              type="checkbox"
              checked={on}
              onChange={() => change({ agreement_ids: on ? others : [...others, agreement.id] })}
            />
            {agreement.recipient_name}
          </label>
        )
      })}
    </fieldset>
  )
}

function LectureForm({ agreements }: { agreements: Agreement[] }) {
  const { t } = useTranslation('lectures')
  const navigate = useNavigate()
  const { message } = useFeedback()
  const [draft, setDraft] = useState<Draft>(() => ({
    title: '',
    description: '',
    starts_at: new Date(Math.ceil(serverNow() / HOUR) * HOUR).toISOString(),
    minutes: 45,
    lecturer_id: null,
    agreement_ids: agreements.map((each) => each.id),
    announce: false,
  }))
  const change = (changes: Partial<Draft>) => setDraft((before) => ({ ...before, ...changes }))
  const create = useApiAction<boolean, Model<'LectureView'>>({
    run: (announce) =>
      unwrap(api.POST('/api/lectures', { body: { ...draft, title: draft.title.trim(), announce } })),
    touches: ['lectures', 'sessions'],
    onDone: (lecture, announce) => {
      message.success(t(announce ? 'done.announce' : 'done.plan'))
      void navigate(`/lectures/${lecture.id}`)
    },
  })
  const ready = draft.title.trim().length >= 2 && draft.agreement_ids.length > 0
  return (
    <>
      <Panel title={t('about')}>
        <LectureFields draft={draft} change={change} />
        <Lecturer draft={draft} change={change} />
      </Panel>
      <Panel title={t('invited')}>
        <Invited draft={draft} change={change} agreements={agreements} />
      </Panel>
      <ErrorLine error={create.error} />
      <div className={styles.buttons}>
        <Button
          type="primary"
          size="large"
          disabled={!ready}
          loading={create.isPending}
          onClick={() => create.mutate(true)}
          data-testid="announce"
        >
          {t('planAndAnnounce')}
        </Button>
        <Button size="large" disabled={!ready || create.isPending} onClick={() => create.mutate(false)} data-testid="plan">
          {t('planOnly')}
        </Button>
      </div>
    </>
  )
}

/** Plan a lecture: what, by whom, when, for which paired units. */
export function NewLecturePage() {
  const { t } = useTranslation('lectures')
  const person = usePerson()
  const agreements = useAgreements(person.organisation.id)
  if (!person.permissions.includes('sessions:lecture:manage')) return <Forbidden page />
  return (
    <>
      <PageHeader title={t('plan')} back={{ to: '/lectures', label: t('title') }} />
      <QueryView query={agreements}>
        {(found) =>
          found.length === 0 ? (
            <EmptyState title={t('noAgreement')} hint={t('noAgreementHint')} />
          ) : (
            <LectureForm agreements={found} />
          )
        }
      </QueryView>
    </>
  )
}
