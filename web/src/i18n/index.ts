import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'

export const LANGUAGES = ['zh-CN', 'en'] as const
export type Language = (typeof LANGUAGES)[number]
export const NAMESPACES = [
  'common',
  'auth',
  'home',
  'reads',
  'consults',
  'lectures',
  'assess',
  'room',
  'recording',
  'viewer',
  'patient',
] as const

const STORED = 'duikou.language'
const files = import.meta.glob<{ default: Record<string, unknown> }>('./*/*.json')

/** Words of one area in one language arrive with the page that needs them. */
const lazyWords = {
  type: 'backend' as const,
  async read(language: string, namespace: string): Promise<Record<string, unknown>> {
    const load = files[`./${language}/${namespace}.json`]
    if (!load) throw new Error(`no words for ${language}/${namespace}`)
    return (await load()).default
  },
}

function remembered(): Language {
  try {
    const value = localStorage.getItem(STORED)
    return LANGUAGES.find((language) => language === value) ?? 'zh-CN'
  } catch {
    return 'zh-CN'
  }
}

export function currentLanguage(): Language {
  return i18next.language === 'en' ? 'en' : 'zh-CN'
}

export async function changeLanguage(language: Language): Promise<void> {
  try {
    localStorage.setItem(STORED, language)
  } catch {
    // Private windows may refuse storage; the choice then lasts for this page only.
  }
  await i18next.changeLanguage(language)
}

export async function startI18n(): Promise<void> {
  i18next.on('languageChanged', (language) => {
    document.documentElement.lang = language
  })
  await i18next
    .use(lazyWords)
    .use(initReactI18next)
    .init({
      lng: remembered(),
      fallbackLng: 'zh-CN',
      load: 'currentOnly',
      ns: ['common'],
      defaultNS: 'common',
      interpolation: { escapeValue: false },
      returnNull: false,
    })
}
