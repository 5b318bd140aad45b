import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { usePerson } from '@/api/session'
import { Choose, EmptyState, ErrorLine, Forbidden, PageHeader, Panel, ProgressLine, QueryView, useFeedback } from '@/ui'
import { PatientPicker } from '@/ui/patient/PatientPicker'
import { ACCEPTED } from '../detail/Attachments'
import styles from '../detail/Consult.module.css'
import { Texts, When } from './CaseFields'
import form from './NewConsult.module.css'
import { EMPTY, missing, useDirectory, useNewConsult, useSupporters, type Draft } from './useNewConsult'

interface PartProps {
  draft: Draft
  change: (changes: Partial<Draft>) => void
}

interface Choice {
  id: string
  name: string
}

function options(choices: readonly Choice[]) {
  return choices.map(({ id, name }) => ({ value: id, label: name }))
}

/** Whom to ask: the unit, and if one wishes a department or a person there. */
function Invited({ draft, change, units }: PartProps & { units: Choice[] }) {
  const { t } = useTranslation('consults')
  const directory = useDirectory(draft.unit)
  const departments = directory.data?.departments.filter((each) => each.organisation_id === draft.unit) ?? []
  const people = (directory.data?.staff ?? []).filter(
    (each) => !draft.department || each.department_id === draft.department,
  )
  return (
    <div className={form.pair}>
      {units.length > 1 && (
        <Choose
          label={t('new.unit')}
          value={draft.unit}
          options={options(units)}
          onChange={(unit) => change({ unit, department: '', specialist: '' })}
        />
      )}
      <Choose
        label={t('new.department')}
        placeholder={t('new.anyDepartment')}
        value={draft.department}
        options={options(departments)}
        allowClear
        onChange={(department) => change({ department, specialist: '' })}
        testId="department"
      />
      <Choose
        label={t('new.specialist')}
        placeholder={t('new.anySpecialist')}
        value={draft.specialist}
        options={options(people.map((each) => ({ id: each.id, name: `${each.name} ${each.title} ${each.department_name}` })))}
        allowClear
        search
        onChange={(specialist) => change({ specialist })}
        testId="specialist"
      />
    </div>
  )
}

function Files({ draft, change }: PartProps) {
  const { t } = useTranslation('consults')
  return (
    <>
      <ul>
        {draft.files.map((file) => (
          <li key={`${file.name}-${file.size}-${file.lastModified}`} className={styles.row}>
            <span className={styles.fileName}>{file.name}</span>
            <Button size="small" onClick={() => change({ files: draft.files.filter((each) => each !== file) })}>
              {t('files.remove')}
            </Button>
          </li>
        ))}
      </ul>
      <label className={styles.pick}>
        <span>{t('files.add')}</span>
        <input
          type="file"
          multiple
          accept={ACCEPTED}
          className="dk-quiet"
          data-testid="files"
          onChange={(event) => {
            change({ files: [...draft.files, ...(event.target.files ?? [])] })
            event.target.value = ''
          }}
        />
      </label>
    </>
  )
}

function ConsultForm({ units }: { units: Choice[] }) {
  const { t } = useTranslation('consults')
  const navigate = useNavigate()
  const { message } = useFeedback()
  const [draft, setDraft] = useState<Draft>({ ...EMPTY, unit: units[0]?.id ?? '' })
  const { send, sending, busy, error, begun } = useNewConsult()
  const change = (changes: Partial<Draft>) => setDraft((before) => ({ ...before, ...changes }))
  const lacking = missing(draft)
  const go = async (submit: boolean) => {
    const id = await send(draft, submit)
    if (!id) return
    message.success(t(submit ? 'done.submit' : 'done.draft'))
    await navigate(`/consults/${id}`)
  }
  const percent = sending?.progress ? Math.round((sending.progress.sent / sending.progress.total) * 100) : 0
  return (
    <>
      <Panel title={t('patient')}>
        {begun && draft.patient ? (
          <b>{draft.patient.name}</b>
        ) : (
          <PatientPicker patient={draft.patient} onPick={(patient) => change({ patient })} />
        )}
      </Panel>
      {!begun && (
        <Panel title={t('new.invite', { unit: units.find((each) => each.id === draft.unit)?.name ?? '' })}>
          <Invited draft={draft} change={change} units={units} />
        </Panel>
      )}
      <Panel title={t('new.case')}>
        <Texts draft={draft} change={change} />
      </Panel>
      <Panel title={t('new.when')}>
        <When draft={draft} change={change} />
      </Panel>
      <Panel title={t('documents')}>
        <Files draft={draft} change={change} />
      </Panel>
      {sending && <ProgressLine label={sending.file.name} percent={percent} />}
      <ErrorLine error={error} />
      <div className={form.send}>
        <Button
          type="primary"
          size="large"
          loading={busy}
          disabled={lacking !== ''}
          onClick={() => void go(true)}
          data-testid="send"
        >
          {t(begun && error ? 'new.sendAgain' : 'new.send')}
        </Button>
        <Button size="large" disabled={busy || lacking !== ''} onClick={() => void go(false)} data-testid="keep-draft">
          {t('new.keep')}
        </Button>
        {lacking && <span className={styles.muted}>{t(lacking)}</span>}
      </div>
    </>
  )
}

/** Ask for a consult: who, whom, what, when, with which files. */
export function NewConsultPage() {
  const { t } = useTranslation('consults')
  const person = usePerson()
  const supporters = useSupporters()
  if (!person.permissions.includes('sessions:consult:request')) return <Forbidden page />
  return (
    <>
      <PageHeader title={t('ask')} back={{ to: '/consults', label: t('title') }} note={t('new.note')} />
      <QueryView query={supporters}>
        {(units) =>
          units.length === 0 ? (
            <EmptyState title={t('new.noUnit')} hint={t('new.noUnitHint')} />
          ) : (
            <ConsultForm units={units} />
          )
        }
      </QueryView>
    </>
  )
}
