import { InputNumber } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Model } from '@/api/types'
import { useFormat } from '@/i18n/useFormat'
import type { Content } from '../data'
import { NUMBERS, ofDevice, type NumberName } from './content'
import styles from './ReadPage.module.css'

interface MeasurementsProps {
  ecg: Model<'EcgView'>
  content: Content
  onChange: (changes: Partial<Content>) => void
  disabled: boolean
}

/** The device's values, ours beside them, and what the report will say. */
export function Measurements({ ecg, content, onChange, disabled }: MeasurementsProps) {
  const { t } = useTranslation('reads')
  const { number } = useFormat()
  const own = (name: NumberName) => (name === 'rate_bpm' ? ecg.own.rate_bpm : null)
  const shown = (value: number | null) => (value === null ? '—' : number(value))
  return (
    <table className={styles.measurements}>
      <thead>
        <tr>
          <th scope="col">{t('measure')}</th>
          <th scope="col">{t('device')}</th>
          <th scope="col">{t('ours')}</th>
          <th scope="col">{t('report')}</th>
        </tr>
      </thead>
      <tbody>
        {NUMBERS.map((name) => (
          <tr key={name}>
            <th scope="row">
              {t(`number.${name}`)} <span className={styles.unit}>{t(`unitOf.${name}`)}</span>
            </th>
            <td>{shown(ofDevice(ecg.device, name))}</td>
            <td>
              {shown(own(name))}
              {own(name) !== null && <span className={styles.unit}> {t('unconfirmed')}</span>}
            </td>
            <td>
              <InputNumber
                size="small"
                controls={false}
                precision={0}
                aria-label={t(`number.${name}`)}
                value={content[name]}
                disabled={disabled}
                onChange={(value) => onChange({ [name]: value })}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
