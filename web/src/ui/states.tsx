import { Button, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/api/problem'
import styles from './states.module.css'

interface EmptyStateProps {
  /** what is missing */
  title: string
  /** what to do about it */
  hint?: ReactNode
  action?: ReactNode
  /** it is all there is on the page */
  page?: boolean
}

function Title({ page, children }: { page: boolean | undefined; children: ReactNode }) {
  return page ? <h1 className={styles.title}>{children}</h1> : <p className={styles.title}>{children}</p>
}

export function EmptyState({ title, hint, action, page }: EmptyStateProps) {
  return (
    <div className={styles.box}>
      <Title page={page}>{title}</Title>
      {hint && <p className={styles.hint}>{hint}</p>}
      {action}
    </div>
  )
}

/** Shown while a page or a part of it is fetched; announced to screen readers. */
export function Loading({ rows = 4 }: { rows?: number }) {
  const { t } = useTranslation()
  return (
    <div role="status" className={styles.loading}>
      <span className="dk-quiet">{t('loading')}</span>
      <Skeleton active title={false} paragraph={{ rows }} />
    </div>
  )
}

function useSentence(error: unknown): { sentence: string; next: string } {
  const { t } = useTranslation()
  if (!(error instanceof ApiError)) return { sentence: t('error.unknown'), next: t('error.nextReload') }
  if (error.status === 0) return { sentence: t('error.offline'), next: t('error.nextOffline') }
  if (error.sentence) return { sentence: error.sentence, next: '' }
  if (error.status === 404) return { sentence: t('error.missing'), next: t('error.nextMissing') }
  return { sentence: t('error.unknown'), next: t('error.nextReload') }
}

interface ErrorStateProps {
  error: unknown
  retry?: () => void
  /** it is all there is on the page */
  page?: boolean
}

/** A refusal or failure in words, what to do next, and the number to give to the administrator. */
export function ErrorState({ error, retry, page }: ErrorStateProps) {
  const { t } = useTranslation()
  const { sentence, next } = useSentence(error)
  const fields = error instanceof ApiError ? (error.problem.errors ?? []) : []
  // Absent and not allowed look alike, and neither gets better by asking again.
  const refused = error instanceof ApiError && (error.status === 404 || error.status === 403)
  return (
    <div className={styles.box} role="alert">
      <Title page={page}>{sentence}</Title>
      {next && <p className={styles.hint}>{next}</p>}
      {fields.length > 0 && (
        <ul className={styles.hint}>
          {fields.map((field) => (
            <li key={field.path}>
              {field.path}: {field.message}
            </li>
          ))}
        </ul>
      )}
      {retry && !refused && <Button onClick={retry}>{t('retry')}</Button>}
      {error instanceof ApiError && error.requestId && !refused && (
        <p className={styles.id}>{t('error.requestId', { id: error.requestId })}</p>
      )}
    </div>
  )
}

/** One line for a failed write, beside the form or button that caused it. */
export function ErrorLine({ error }: { error: unknown }) {
  const { t } = useTranslation()
  const { sentence, next } = useSentence(error)
  if (!error) return null
  return (
    <p role="alert" className={styles.line}>
      {sentence} {next}
      {error instanceof ApiError && error.requestId && error.status >= 500
        ? ` ${t('error.requestId', { id: error.requestId })}`
        : ''}
    </p>
  )
}

export function Forbidden({ page }: { page?: boolean }) {
  const { t } = useTranslation()
  return <EmptyState title={t('forbidden.title')} hint={t('forbidden.hint')} {...(page ? { page } : {})} />
}

interface QueryLike<T> {
  data: T | undefined
  error: Error | null
  isPending: boolean
  refetch: () => unknown
}

interface QueryViewProps<T> {
  query: QueryLike<T>
  children: (data: T) => ReactNode
  rows?: number
  /** the page has nothing else: its title comes with the data */
  page?: boolean
}

/** Loading, failure, refusal or the data of a query. Data already shown stays when a refetch fails. */
export function QueryView<T>({ query, children, rows, page = false }: QueryViewProps<T>) {
  if (query.data !== undefined) return children(query.data)
  if (query.error instanceof ApiError && query.error.status === 403) return <Forbidden page={page} />
  if (query.error) return <ErrorState error={query.error} page={page} retry={() => void query.refetch()} />
  return <Loading {...(rows === undefined ? {} : { rows })} />
}
