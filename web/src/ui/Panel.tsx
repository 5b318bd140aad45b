import type { ReactNode } from 'react'
import styles from './Panel.module.css'

interface PanelProps {
  title?: ReactNode
  extra?: ReactNode
  children: ReactNode
  flush?: boolean
}

/** A box with a 1 px line, for one subject on a page. */
export function Panel({ title, extra, children, flush = false }: PanelProps) {
  return (
    <section className={styles.panel}>
      {(title ?? extra) && (
        <header className={styles.header}>
          <h2 className={styles.title}>{title}</h2>
          {extra}
        </header>
      )}
      {children !== null && children !== false && <div className={flush ? '' : styles.body}>{children}</div>}
    </section>
  )
}

/** Names and values, one under the other; on wide screens in two columns. */
export function Facts({ items }: { items: { label: string; value: ReactNode }[] }) {
  return (
    <dl className={styles.facts}>
      {items.map((item) => (
        <div key={item.label} className={styles.fact}>
          <dt>{item.label}</dt>
          <dd>{item.value}</dd>
        </div>
      ))}
    </dl>
  )
}
