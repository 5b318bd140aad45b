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
}

export function EmptyState({ title, hint, action }: EmptyStateProps) {
  return (
    <div className={styles.box}>
      <p className={styles.title}>{title}</p>
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
}

/** A refusal or failure in words, what to do next, and the number to give to the administrator. */
export function ErrorState({ error, retry }: ErrorStateProps) {
  const { t } = useTranslation()
  const { sentence, next } = useSentence(error)
  const fields = error instanceof ApiError ? (error.problem.errors ?? []) : []
  return (
    <div className={styles.box} role="alert">
      <p className={styles.title}>{sentence}</p>
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
      {retry && <Button onClick={retry}>{t('retry')}</Button>}
      {error instanceof ApiError && error.requestId && (
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

export function Forbidden() {
  const { t } = useTranslation()
  return <EmptyState title={t('forbidden.title')} hint={t('forbidden.hint')} />
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
}

/** Loading, failure, refusal or the data of a query. Data already shown stays when a refetch fails. */
export function QueryView<T>({ query, children, rows }: QueryViewProps<T>) {
  if (query.data !== undefined) return children(query.data)
  if (query.error instanceof ApiError && query.error.status === 403) return <Forbidden />
  if (query.error) return <ErrorState error={query.error} retry={() => void query.refetch()} />
  return <Loading {...(rows === undefined ? {} : { rows })} />
}
