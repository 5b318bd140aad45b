import { useTranslation } from 'react-i18next'
import styles from './EcgViewer.module.css'

const KEYS = [
  ['Space', 'space'],
  ['← →', 'scroll'],
  ['+ −', 'gain'],
  ['S', 'speed'],
  ['F', 'band'],
  ['C', 'caliper'],
  ['M', 'march'],
  ['O', 'overlay'],
  ['0', 'zero'],
  ['Esc', 'escape'],
] as const

export function KeyHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('viewer')
  return (
    <aside className={styles.help} aria-label={t('keys')}>
      <dl>
        {KEYS.map(([key, word]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(`key.${word}`)}</dd>
          </div>
        ))}
      </dl>
      <button type="button" className={styles.tool} onClick={onClose}>
        {t('common:close')}
      </button>
    </aside>
  )
}
