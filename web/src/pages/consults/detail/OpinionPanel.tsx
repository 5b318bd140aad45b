import { Button, Input } from 'antd'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/useFormat'
import { ErrorLine, Facts, Panel, useEdited, useFeedback } from '@/ui'
import { useStep, type Consult } from '../data'
import styles from './Consult.module.css'

const SAVE_AFTER_MS = 1500

function Signed({ consult }: { consult: Consult }) {
  const { t } = useTranslation('consults')
  const format = useFormat()
  const { clinical } = consult
  if (!clinical?.signature) return null
  const { signature } = clinical
  return (
    <Panel title={t('opinion')}>
      <div data-testid="signed-opinion">
        <Facts
          items={[
            { label: t('finding'), value: clinical.opinion },
            { label: t('advice'), value: clinical.advice || '—' },
            {
              label: t('signature'),
              value: `${signature.name} ${signature.title} · ${signature.licence} · ${format.fullTime(signature.signed_at)}`,
            },
            ...(clinical.outcome_reason ? [{ label: t('outcomeReason'), value: clinical.outcome_reason }] : []),
          ]}
        />
      </div>
    </Panel>
  )
}

/** Typed while talking; kept by itself, signed when the person says so. */
export function OpinionForm({ consult }: { consult: Consult }) {
  const { t } = useTranslation('consults')
  const { message } = useFeedback()
  const saved = { opinion: consult.clinical?.opinion ?? '', advice: consult.clinical?.advice ?? '' }
  const { value, edited, edit, reset } = useEdited(saved)
  const maySign = consult.actions.includes('sign')
  const save = useStep(consult.id)
  const sign = useStep(consult.id, () => {
    reset()
    message.success(t('done.sign'))
  })
  const changed = edited && (value.opinion !== saved.opinion || value.advice !== saved.advice)

  const keep = useRef(() => {})
  useEffect(() => {
    keep.current = () => {
      if (!save.isPending && !sign.isPending) save.mutate({ name: 'opinion', body: value })
    }
  })
  useEffect(() => {
    if (!changed) return
    const timer = setTimeout(() => keep.current(), SAVE_AFTER_MS)
    return () => clearTimeout(timer)
  }, [changed, value])

  const ready = maySign && value.opinion.trim().length > 0
  const signNow = () => {
    if (ready) sign.mutate({ name: 'sign', body: value })
  }
  return (
    // Ctrl+Enter signs from either field.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className={styles.fields}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) signNow()
      }}
    >
      <label htmlFor="opinion">{t('finding')}</label>
      <Input.TextArea
        id="opinion"
        value={value.opinion}
        maxLength={20_000}
        autoSize={{ minRows: 4, maxRows: 16 }}
        onChange={(event) => edit({ ...value, opinion: event.target.value })}
        data-testid="opinion"
      />
      <label htmlFor="advice">{t('advice')}</label>
      <Input.TextArea
        id="advice"
        value={value.advice}
        maxLength={20_000}
        autoSize={{ minRows: 3, maxRows: 12 }}
        onChange={(event) => edit({ ...value, advice: event.target.value })}
        data-testid="advice"
      />
      <div className={styles.buttons}>
        <Button type="primary" disabled={!ready} loading={sign.isPending} onClick={signNow} data-testid="sign">
          {t('action.sign')} ⌘↵
        </Button>
        <span className={styles.muted} role="status">
          {save.isPending && t('saving')}
          {!save.isPending && !changed && value.opinion && t('saved')}
          {!maySign && ` ${t('signAfterEnd')}`}
        </span>
      </div>
      <ErrorLine error={sign.error ?? save.error} />
    </div>
  )
}

/** The opinion: signed, or being written by the specialist. */
export function OpinionPanel({ consult }: { consult: Consult }) {
  const { t } = useTranslation('consults')
  if (consult.clinical?.signature) return <Signed consult={consult} />
  if (!consult.actions.includes('save_opinion')) return null
  return (
    <Panel title={t('opinion')}>
      <OpinionForm consult={consult} />
    </Panel>
  )
}
