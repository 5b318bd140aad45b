import { lazy, Suspense, type ReactNode } from 'react'
import { Link } from 'react-router'
import styles from './DataList.module.css'
import { Loading } from './states'
import { useMedia } from './useMedia'

const WideTable = lazy(() => import('./WideTable'))

export interface DataColumn<Row> {
  key: string
  title: string
  /** null leaves the line out of a card */
  render: (row: Row) => ReactNode
  /** on a phone: the card's first line, a mark at its right, a line of detail, or not shown */
  card?: 'title' | 'mark' | 'line' | 'none'
  align?: 'left' | 'right'
  width?: number | string
  sorter?: (a: Row, b: Row) => number
}

export interface DataListProps<Row> {
  /** what the list holds, for screen readers */
  label: string
  rows: readonly Row[]
  columns: readonly DataColumn<Row>[]
  rowKey: (row: Row) => string
  /** address that a row opens; the first cell (on a phone the card's title) becomes the link, so it renders text only */
  href?: (row: Row) => string
  /** data-testid of that link */
  testid?: string
  /** shown instead of an empty list */
  empty: ReactNode
  pageSize?: number
}

type CardProps<Row> = { row: Row } & Pick<DataListProps<Row>, 'columns' | 'href' | 'testid'>

function Card<Row>({ row, columns, href, testid }: CardProps<Row>) {
  const parts = (place: 'title' | 'mark' | 'line') =>
    columns.filter((column) => (column.card ?? 'line') === place)
  const titles = parts('title').map((column) => <span key={column.key}>{column.render(row)}</span>)
  return (
    <div className={styles.card}>
      <div className={styles.head}>
        {href ? (
          // The link covers the card, without holding the card's own buttons inside it.
          <Link className={`${styles.title} ${styles.cover}`} to={href(row)} data-testid={testid}>
            {titles}
          </Link>
        ) : (
          <span className={styles.title}>{titles}</span>
        )}
        {parts('mark').map((column) => (
          <span key={column.key}>{column.render(row)}</span>
        ))}
      </div>
      {parts('line').map((column) => {
        const value = column.render(row)
        return value === null ? null : (
          <div key={column.key} className={styles.line}>
            <span className={styles.label}>{column.title}</span>
            <span className={styles.value}>{value}</span>
          </div>
        )
      })}
    </div>
  )
}

/** A list: a table on wide screens, cards at 360 px. Phones never load the table's code. */
export function DataList<Row extends object>(props: DataListProps<Row>) {
  const narrow = useMedia('(max-width: 800px)')
  if (props.rows.length === 0) return props.empty
  if (!narrow)
    return (
      <Suspense fallback={<Loading />}>
        <WideTable {...(props as unknown as DataListProps<object>)} />
      </Suspense>
    )
  return (
    <ul aria-label={props.label} className={styles.cards}>
      {props.rows.map((row) => (
        <li key={props.rowKey(row)}>
          <Card
            row={row}
            columns={props.columns}
            {...(props.href ? { href: props.href } : {})}
            {...(props.testid ? { testid: props.testid } : {})}
          />
        </li>
      ))}
    </ul>
  )
}
