import { useQuery } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { useDeferredValue, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, unwrap } from '@/api/client'
import { useApiAction } from '@/api/query'
import type { Model } from '@/api/types'
import { ErrorLine } from '../states'
import styles from './PatientPicker.module.css'

/** As many as fit a phone without scrolling; a letter more finds the right one. */
const SHOWN = 5

type Patient = Model<'PatientView'>

function lineOf(patient: Patient, sex: (code: string) => string): string {
  return [patient.name, sex(patient.sex), patient.birth_date ?? '', patient.local_no].filter(Boolean).join(' · ')
}

function text(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value.trim() : ''
}

/** Four fields, checked by the browser; a patient can be registered without leaving the page. */
function NewPatient({ name, onDone, onCancel }: { name: string; onDone: (patient: Patient) => void; onCancel: () => void }) {
  const { t } = useTranslation('patient')
  const id = useId()
  const create = useApiAction<FormData, Patient>({
    run: (form) =>
      unwrap(
        api.POST('/api/patients', {
          body: {
            name: text(form, 'name'),
            sex: text(form, 'sex') as Patient['sex'],
            birth_date: text(form, 'birth') || null,
            local_no: text(form, 'number'),
          },
        }),
      ),
    touches: ['patients'],
    onDone,
  })
  return (
    <form
      className={styles.newPatient}
      onSubmit={(event) => {
        event.preventDefault()
        create.mutate(new FormData(event.currentTarget))
      }}
    >
      <label htmlFor={`${id}name`}>{t('patientName')}</label>
      <Input id={`${id}name`} name="name" required maxLength={80} defaultValue={name} autoComplete="off" data-testid="patient-name" />
      <fieldset className={styles.sexes}>
        <legend>{t('patientSex')}</legend>
        {(['M', 'F', 'U'] as const).map((sex) => (
          <label key={sex}>
            <input type="radio" name="sex" value={sex} required data-testid={`patient-sex-${sex}`} /> {t(`common:sex.${sex}`)}
          </label>
        ))}
      </fieldset>
      <label htmlFor={`${id}birth`}>{t('birthDate')}</label>
      <Input id={`${id}birth`} name="birth" type="date" data-testid="patient-birth" />
      <label htmlFor={`${id}number`}>{t('localNumber')}</label>
      <Input id={`${id}number`} name="number" maxLength={40} autoComplete="off" />
      <ErrorLine error={create.error} />
      <div className={styles.buttons}>
        <Button htmlType="submit" type="primary" loading={create.isPending} data-testid="patient-save">
          {t('registerPatient')}
        </Button>
        <Button onClick={onCancel}>{t('common:cancel')}</Button>
      </div>
    </form>
  )
}

function usePatients(search: string) {
  return useQuery({
    queryKey: ['patients', 'search', search],
    queryFn: () => unwrap(api.GET('/api/patients', { params: { query: { search } } })),
  })
}

interface PickerProps {
  patient: Patient | null
  onPick: (patient: Patient | null) => void
  /** asked instead of simply choosing again, where something was already done for this patient */
  onChangeMind?: () => void
}

/** Find a patient of the own unit by name or number, or register one. */
export function PatientPicker({ patient, onPick, onChangeMind }: PickerProps) {
  const { t } = useTranslation('patient')
  const [typed, setTyped] = useState('')
  const [adding, setAdding] = useState(false)
  const search = useDeferredValue(typed)
  const found = usePatients(search)
  const sex = (code: string) => (code === 'U' ? '' : t(`common:sex.${code}`))
  const patients = found.data?.patients ?? []
  if (patient)
    return (
      <p className={styles.chosen} data-testid="patient-chosen">
        <b>{lineOf(patient, sex)}</b>
        <Button type="link" onClick={onChangeMind ?? (() => onPick(null))}>
          {t('otherPatient')}
        </Button>
      </p>
    )
  if (adding)
    return (
      <NewPatient
        name={typed}
        onDone={(made) => {
          setAdding(false)
          onPick(made)
        }}
        onCancel={() => setAdding(false)}
      />
    )
  return (
    <div className={styles.picker}>
      <Input
        type="search"
        aria-label={t('findPatient')}
        placeholder={t('findPatient')}
        value={typed}
        maxLength={60}
        onChange={(event) => setTyped(event.target.value)}
        data-testid="patient-search"
      />
      <Button onClick={() => setAdding(true)} data-testid="patient-new">
        {t('newPatient')}
      </Button>
      <ul className={styles.found} aria-label={t('findPatient')} aria-busy={found.isFetching}>
        {patients.slice(0, SHOWN).map((each) => (
          <li key={each.id}>
            <button type="button" className={styles.option} onClick={() => onPick(each)} data-testid="patient-option">
              {lineOf(each, sex)}
            </button>
          </li>
        ))}
      </ul>
      {found.data && patients.length === 0 && <p className={styles.note}>{t('noPatient')}</p>}
      {patients.length > SHOWN && <p className={styles.note}>{t('morePatients', { count: patients.length - SHOWN })}</p>}
      <ErrorLine error={found.error} />
    </div>
  )
}
