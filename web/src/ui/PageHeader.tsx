import { useEffect, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import styles from './PageHeader.module.css'

interface PageHeaderProps {
  title: ReactNode
  /** title of the browser tab when `title` is not plain text */
  tab?: string
  back?: { to: string; label: string }
  /** one line under the title */
  note?: ReactNode
  /** tags or a clock right beside the title */
  marks?: ReactNode
  /** buttons at the right */
  actions?: ReactNode
}

/** Title of a page with its way back and its buttons. */
export function PageHeader({ title, tab, back, note, marks, actions }: PageHeaderProps) {
  const { t } = useTranslation()
  const text = tab ?? (typeof title === 'string' ? title : '')
  useEffect(() => {
    document.title = text ? `${text} · ${t('product')}` : t('product')
  }, [text, t])
  return (
    <header className={styles.header}>
      <div className={styles.words}>
        {back && (
          <Link className={styles.back} to={back.to}>
            <span aria-hidden>←</span> {back.label}
          </Link>
        )}
        <div className={styles.line}>
          <h1 className={styles.title}>{title}</h1>
          {marks}
        </div>
        {note && <p className={styles.note}>{note}</p>}
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </header>
  )
}
