import { Button, Input, type RefSelectProps } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Model } from '@/api/types'
import { useFormat } from '@/i18n/useFormat'
import { ErrorLine, useReason } from '@/ui'
import type { Read, Terms } from '../data'
import { useWords } from '../words'
import { missing, withTemplate } from './content'
import type { Kept } from './draftKeeper'
import { Measurements } from './Measurements'
import styles from './ReadPage.module.css'
import { FindingsField, RhythmField, TemplateSearch } from './TermFields'
import type { ReportWriting } from './useReport'

interface ReportPanelProps {
  read: Read
  terms: Terms
  ecg: Model<'EcgView'>
  writing: ReportWriting
  /** sign a new version of a signed report */
  amending: boolean
  onSigned: (read: Read) => void
  onReload: () => void
}

function SaveLine({ kept, onReload }: { kept: Kept<unknown>; onReload: () => void }) {
  const { t } = useTranslation('reads')
  const { hour } = useFormat()
  if (kept.state === 'conflict')
    return (
      <p role="alert" className={styles.conflict}>
        {t('saveConflict')}{' '}
        <Button size="small" onClick={onReload}>
          {t('loadNewest')}
        </Button>
      </p>
    )
  const time = kept.savedAt === null ? '' : hour(new Date(kept.savedAt).toISOString())
  return (
    <span role="status" className={kept.state === 'failed' ? styles.conflict : styles.unit} data-testid="draft-state" data-state={kept.state}>
      {kept.state !== 'saved' || time ? t(`save.${kept.state}`, { time }) : ''}
    </span>
  )
}

/** ⌘/Ctrl+Enter anywhere on the page. */
export function useMainKey(run: () => void, enabled: boolean): void {
  const latest = useRef(run)
  useEffect(() => {
    latest.current = run
  })
  useEffect(() => {
    if (!enabled) return
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey) || event.repeat) return
      event.preventDefault()
      latest.current()
    }
    window.addEventListener('keydown', onKey, true)
    return () => window.removeEventListener('keydown', onKey, true)
  }, [enabled])
}

/** "/" goes to the template search from anywhere outside a field. */
function useTemplateKey(focus: React.RefObject<RefSelectProps | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement
      if (event.key !== '/' || target.closest('input, textarea, [contenteditable]')) return
      event.preventDefault()
      focus.current?.focus()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [focus])
}

function useSigning({ writing, amending, onSigned }: ReportPanelProps) {
  const { t } = useTranslation('reads')
  const ask = useReason()
  const [busy, setBusy] = useState(false)
  const [tried, setTried] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const lacks = missing(writing.kept.content)
  const sign = async () => {
    setTried(true)
    if (busy || lacks.length > 0) return
    const reason = amending ? await ask({ title: t('amendWhy'), confirm: t('signAgain') }) : ''
    if (reason === null) return
    setBusy(true)
    setError(null)
    try {
      onSigned(await writing.sign(reason))
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  return { sign, busy, error, lacks: tried ? lacks : [] }
}

/** The report: template, measurements, findings, conclusion, advice; saved while it grows, signed by ⌘/Ctrl+Enter. */
export function ReportPanel(props: ReportPanelProps) {
  const { terms, ecg, writing, amending, onReload } = props
  const { t } = useTranslation('reads')
  const words = useWords()
  const search = useRef<RefSelectProps>(null)
  const conclusion = useRef<HTMLDivElement>(null)
  const { content } = writing.kept
  const { sign, busy, error, lacks } = useSigning(props)
  useMainKey(() => void sign(), true)
  useTemplateKey(search)
  useEffect(() => {
    search.current?.focus({ preventScroll: true })
  }, [])
  return (
    <div className={styles.report}>
      <TemplateSearch
        templates={terms.templates}
        focus={search}
        onPick={(template) => {
          writing.replace(withTemplate(content, template.content))
          conclusion.current?.querySelector('textarea')?.focus()
        }}
      />
      <Measurements ecg={ecg} content={content} onChange={writing.change} disabled={busy} />
      <RhythmField
        terms={terms.rhythms}
        value={content.rhythm}
        wrong={lacks.includes('rhythm')}
        onChange={(rhythm) => writing.change({ rhythm })}
      />
      <FindingsField terms={terms.findings} value={content.findings ?? []} onChange={(findings) => writing.change({ findings })} />
      <div ref={conclusion}>
        <Input.TextArea
          aria-label={t('conclusion')}
          placeholder={t('conclusion')}
          value={content.conclusion}
          maxLength={2000}
          autoSize={{ minRows: 4, maxRows: 10 }}
          {...(lacks.includes('conclusion') ? { status: 'error' as const } : {})}
          onChange={(event) => writing.change({ conclusion: event.target.value })}
          data-testid="conclusion"
        />
      </div>
      <Input.TextArea
        aria-label={t('advice')}
        placeholder={t('advice')}
        value={content.advice}
        maxLength={1000}
        autoSize={{ minRows: 2, maxRows: 6 }}
        onChange={(event) => writing.change({ advice: event.target.value })}
        data-testid="advice"
      />
      <div className={styles.chips}>
        {terms.advices.map((term) => (
          <button
            key={term.code}
            type="button"
            className="dk-chip"
            onClick={() => writing.change({ advice: [content.advice, words(term)].filter(Boolean).join('\n') })}
          >
            {words(term)}
          </button>
        ))}
      </div>
      <div className={styles.signing}>
        {lacks.length > 0 && <p role="alert">{t('lacks', { what: lacks.map((name) => t(name)).join(t('listComma')) })}</p>}
        <ErrorLine error={error} />
        <Button type="primary" block size="large" loading={busy} onClick={() => void sign()} data-testid="sign">
          {t(amending ? 'signAgain' : 'sign')} <kbd>⌘/Ctrl ↵</kbd>
        </Button>
        <SaveLine kept={writing.kept} onReload={onReload} />
      </div>
    </div>
  )
}
