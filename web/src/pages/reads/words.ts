import { useTranslation } from 'react-i18next'

interface Words {
  zh: string
  en: string
}

/** The text of something that the server names in both languages. */
export function useWords(): (words: Words) => string {
  const { i18n } = useTranslation()
  return i18n.language === 'en' ? (words) => words.en : (words) => words.zh
}

/** "男 67 岁", as far as known. */
export function usePatientText(): (sex: string, age: number | null) => string {
  const { t } = useTranslation('reads')
  return (sex, age) => [t(`sex.${sex}`), age === null ? '' : t('age', { count: age })].filter(Boolean).join(' ')
}
