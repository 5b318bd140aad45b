import { useTranslation } from 'react-i18next'
import { usePerson } from '@/api/session'
import { PageHeader } from '@/ui'

export function HomePage() {
  const { t } = useTranslation('home')
  const person = usePerson()
  return <PageHeader title={t('greeting', { name: person.name })} tab={t('common:nav.home')} />
}
