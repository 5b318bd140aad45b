import { useTranslation } from 'react-i18next'
import { Panel, QueryView } from '@/ui'
import { useHealth } from './data'
import styles from './HomePage.module.css'

/** A light for each part of the house; every red one says what to do. */
export function Health() {
  const { t } = useTranslation('home')
  const health = useHealth()
  return (
    <Panel title={t('health')}>
      <QueryView query={health} rows={3}>
        {({ parts }) => (
          <ul className={styles.rows}>
            {Object.entries(parts).map(([name, state]) => (
              <li key={name} className={styles.row}>
                <span className={styles.words}>{t(`part.${name}`, { defaultValue: name })}</span>
                <span className={state === 'ok' ? styles.good : styles.bad}>
                  {state === 'ok' ? t('partOk') : t(`partHelp.${name}`, { defaultValue: state })}
                </span>
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </Panel>
  )
}
