import { Select } from 'antd'
import { useMemo, useState, type Ref } from 'react'
import type { RefSelectProps } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Model } from '@/api/types'
import type { Terms } from '../data'
import { search } from '../report/pinyin'
import { useWords } from '../words'

interface Term {
  code: string
  zh: string
  en: string
}

function useOptions(terms: readonly Term[], typed: string) {
  const words = useWords()
  return useMemo(
    () => search(terms, (term) => [term.zh, term.en], typed).map((term) => ({ value: term.code, label: words(term) })),
    [terms, typed, words],
  )
}

interface TemplateSearchProps {
  templates: Terms['templates']
  onPick: (template: Model<'ReportTemplate'>) => void
  focus: Ref<RefSelectProps>
}

/** Find a template by Chinese, pinyin initials or English; Enter takes the first. */
export function TemplateSearch({ templates, onPick, focus }: TemplateSearchProps) {
  const { t } = useTranslation('reads')
  const [typed, setTyped] = useState('')
  const options = useOptions(templates, typed)
  return (
    <Select<string | null>
      ref={focus}
      showSearch={{ filterOption: false, onSearch: setTyped, searchValue: typed }}
      defaultActiveFirstOption
      value={null}
      placeholder={t('findTemplate')}
      aria-label={t('findTemplate')}
      options={options}
      notFoundContent={t('noTerm')}
      onSelect={(code) => {
        const found = templates.find((each) => each.code === code)
        setTyped('')
        if (found) onPick(found)
      }}
      data-testid="template-search"
    />
  )
}

interface RhythmProps {
  terms: readonly Term[]
  value: string
  onChange: (code: string) => void
  wrong: boolean
}

export function RhythmField({ terms, value, onChange, wrong }: RhythmProps) {
  const { t } = useTranslation('reads')
  const [typed, setTyped] = useState('')
  const options = useOptions(terms, typed)
  return (
    <Select<string | null>
      showSearch={{ filterOption: false, onSearch: setTyped, searchValue: typed }}
      value={value || null}
      placeholder={t('rhythm')}
      aria-label={t('rhythm')}
      {...(wrong ? { status: 'error' as const } : {})}
      options={options}
      notFoundContent={t('noTerm')}
      onSelect={(code) => {
        setTyped('')
        onChange(code ?? '')
      }}
      data-testid="rhythm"
    />
  )
}

interface FindingsProps {
  terms: readonly Term[]
  value: readonly string[]
  onChange: (codes: string[]) => void
}

export function FindingsField({ terms, value, onChange }: FindingsProps) {
  const { t } = useTranslation('reads')
  const [typed, setTyped] = useState('')
  const options = useOptions(terms, typed)
  const words = useWords()
  const named = useMemo(() => new Map(terms.map((term) => [term.code, words(term)])), [terms, words])
  return (
    <Select<string[]>
      mode="multiple"
      maxCount={20}
      showSearch={{ filterOption: false, onSearch: setTyped, searchValue: typed }}
      value={[...value]}
      placeholder={t('findings')}
      aria-label={t('findings')}
      options={options}
      labelRender={(label) => named.get(String(label.value)) ?? String(label.value)}
      notFoundContent={t('noTerm')}
      onChange={(codes) => {
        setTyped('')
        onChange(codes)
      }}
      data-testid="findings"
    />
  )
}
