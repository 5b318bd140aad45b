import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import styles from './EntriesPage.module.css'
import { offsetOf, PAGE } from './filters'

interface PagesProps {
  total: number
  page: string
  onPage: (page: string) => void
}

/** Turns to the next rows when there are more than the server gives at once. */
export function Pages({ total, page, onPage }: PagesProps) {
  const { t } = useTranslation('assess')
  const first = offsetOf(page)
  if (total <= PAGE && first === 0) return null
  const turn = (step: number) => () => {
    const next = first / PAGE + 1 + step
    onPage(next > 1 ? String(next) : '')
  }
  return (
    <nav className={styles.pages} aria-label={t('pages')}>
      <Button disabled={first === 0} onClick={turn(-1)}>
        {t('newer')}
      </Button>
      <span>{t('range', { first: first + 1, last: Math.min(first + PAGE, total), total })}</span>
      <Button disabled={first + PAGE >= total} onClick={turn(1)}>
        {t('older')}
      </Button>
      <span className={styles.muted}>{t('sortNote')}</span>
    </nav>
  )
}
