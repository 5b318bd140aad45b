import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/useFormat'
import { ControlIcon } from './ControlIcon'
import { costs, rememberedUses } from './lowData'
import styles from './Room.module.css'
import type { LowData } from './useLowData'
import type { Traffic } from './useTraffic'

/** Choose how much of the line the pictures may have, and see what each choice costs. */
export function LowDataMenu({ lowData, traffic }: { lowData: LowData; traffic: Traffic }) {
  const { t } = useTranslation('room')
  const format = useFormat()
  const found = costs(rememberedUses())
  const most = Math.max(...found.map((each) => each.kilobytes), 1)
  return (
    <details className={styles.menu}>
      <summary className={styles.control} data-testid="room-data" data-mode={lowData.mode}>
        <ControlIcon name="data" />
        <span>{t(`data.${lowData.mode}`)}</span>
      </summary>
      <fieldset className={styles.sheet}>
        <legend className={styles.legend}>{t('data.label')}</legend>
        {found.map(({ mode, kilobytes, measured }) => (
          <div key={mode} className={styles.mode}>
            <input
              id={`data-${mode}`}
              type="radio"
              name="low-data"
              value={mode}
              checked={lowData.mode === mode}
              onChange={() => lowData.setMode(mode)}
              aria-describedby={`data-cost-${mode}`}
              data-testid={`data-${mode}`}
            />
            <div>
              <label htmlFor={`data-${mode}`}>{t(`data.${mode}`)}</label>
              <div id={`data-cost-${mode}`} className={styles.quiet}>
                {t(`data.hint.${mode}`)}
                <span className={styles.bar} aria-hidden>
                  <span style={{ width: `${Math.max(2, Math.round((100 * kilobytes) / most))}%` }} />
                </span>
                <span data-testid={`cost-${mode}`} data-measured={measured}>
                  {t(measured ? 'data.measured' : 'data.typical', { amount: format.number(Math.round(kilobytes)) })}
                </span>
              </div>
            </div>
          </div>
        ))}
        <p data-testid="data-now">
          {t('data.now', {
            received: format.number(Math.round(traffic.received)),
            sent: format.number(Math.round(traffic.sent)),
          })}
        </p>
      </fieldset>
    </details>
  )
}
