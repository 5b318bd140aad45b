import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useRouteError } from 'react-router'
import { EmptyState, ErrorState } from '@/ui'

/** A page that failed to load or to draw. After an update the old page's parts are gone: reload. */
export function BrokenPage() {
  return <ErrorState error={useRouteError()} retry={() => location.reload()} />
}

export function MissingPage() {
  const { t } = useTranslation()
  return (
    <EmptyState
      title={t('error.missing')}
      hint={t('error.nextMissing')}
      action={
        <Link to="/">
          <Button type="primary">{t('nav.home')}</Button>
        </Link>
      }
    />
  )
}
