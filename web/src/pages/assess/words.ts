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

/** Verified time: "35 分 20 秒", "48 分", "12 秒". Never rounded up. */
export function useVerifiedTime(): (seconds: number) => string {
  const { t } = useTranslation('assess')
  return (seconds) => {
    const whole = Math.max(0, Math.floor(seconds))
    const minutes = Math.floor(whole / 60)
    const rest = whole % 60
    if (minutes === 0) return t('seconds', { count: rest })
    return rest === 0 ? t('minutes', { count: minutes }) : t('minutesSeconds', { minutes, seconds: rest })
  }
}
