import { useTranslation } from 'react-i18next'
import { useRouteError } from 'react-router'
import { EmptyState, ErrorState, LinkButton } from '@/ui'

/** A page that failed to load or to draw. After an update the old page's parts are gone: reload. */
export function BrokenPage() {
  return <ErrorState page error={useRouteError()} retry={() => location.reload()} />
}

export function MissingPage() {
  const { t } = useTranslation()
  return (
    <EmptyState
      page
      title={t('error.missing')}
      hint={t('error.nextMissing')}
      action={
        <LinkButton to="/" type="primary">
          {t('nav.home')}
        </LinkButton>
      }
    />
  )
}
