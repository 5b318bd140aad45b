import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/useFormat'
import { Tag } from '@/ui'
import type { FileCheck } from '../data'
import { useWords } from '../words'
import styles from './NewReadPage.module.css'

function Leads({ check }: { check: FileCheck }) {
  const { t } = useTranslation('reads')
  return (
    <ul className={styles.leads} aria-label={t('leads')}>
      {check.leads.map((lead) => {
        const wrong = lead.problems.map((fault) => t(`fault.${fault}`))
        return (
          <li key={lead.lead} className={wrong.length > 0 ? styles.badLead : ''}>
            {lead.lead} {wrong.length > 0 ? wrong.join(' ') : '✓'}
          </li>
        )
      })}
      {check.leads_missing.map((lead) => (
        <li key={lead} className={styles.badLead}>
          {lead} {t('fault.missing')}
        </li>
      ))}
    </ul>
  )
}

interface MatchProps {
  check: FileCheck
  confirmed: boolean
  onConfirm: (confirmed: boolean) => void
}

/** Whose recording the file says it is, beside whom the doctor chose. */
function Match({ check, confirmed, onConfirm }: MatchProps) {
  const { t } = useTranslation('reads')
  const { patient } = check
  const shown = (field: string, value: string) => {
    if (!value) return t('notGiven')
    return field === 'sex' ? t(`common:sex.${value}`, { defaultValue: value }) : value.replaceAll('^', ' ')
  }
  return (
    <div className={patient.result === 'differs' ? styles.mismatch : ''} data-testid="patient-match" data-result={patient.result}>
      <p className={styles.matchLine}>{t(`match.${patient.result}`)}</p>
      {patient.result !== 'match' && (
        <table className={styles.match}>
          <thead>
            <tr>
              <th scope="col">{t('item')}</th>
              <th scope="col">{t('inFile')}</th>
              <th scope="col">{t('chosen')}</th>
              <th scope="col">{t('compared')}</th>
            </tr>
          </thead>
          <tbody>
            {patient.fields.map((field) => (
              <tr key={field.field} className={field.result === 'differs' ? styles.differs : ''}>
                <th scope="row">{t(`field.${field.field}`)}</th>
                <td>{shown(field.field, field.in_file)}</td>
                <td>{shown(field.field, field.chosen)}</td>
                <td>{t(`result.${field.result}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {patient.must_confirm && (
        <label className={styles.confirm}>
          <input
            type="checkbox"
            checked={confirmed}
            onChange={(event) => onConfirm(event.target.checked)}
            data-testid="confirm-mismatch"
          />
          {t('confirmMismatch')}
        </label>
      )}
    </div>
  )
}

/** What the server found in the file, at once, so that a bad recording can be repeated while the patient is there. */
export function CheckResult(props: MatchProps) {
  const { check } = props
  const { t } = useTranslation('reads')
  const { number } = useFormat()
  const words = useWords()
  const rate = check.device_rate_bpm ?? check.own_rate_bpm
  return (
    <div className={styles.check} data-testid="file-check">
      <p className={styles.readable}>
        <Tag tone={check.quality === 'good' ? 'good' : 'soon'}>{t(`quality.${check.quality}`)}</Tag>{' '}
        {t('checkSummary', { leads: check.leads_present.length, seconds: number(check.duration_s, 1) })}
        {rate !== null && ` · ${t(check.device_rate_bpm === null ? 'ownRate' : 'deviceRate', { rate: number(rate) })}`}
      </p>
      {check.hints.length > 0 && (
        <ul className={styles.hints}>
          {check.hints.map((hint) => (
            <li key={hint.code + hint.zh}>{words(hint)}</li>
          ))}
        </ul>
      )}
      <Leads check={check} />
      <Match {...props} />
    </div>
  )
}
