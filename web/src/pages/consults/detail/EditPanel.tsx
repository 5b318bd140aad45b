import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorLine, Panel, useFeedback } from '@/ui'
import { useStep, type Consult } from '../data'
import { Texts, When } from '../new/CaseFields'
import { texts, type CaseTexts } from '../new/useNewConsult'
import styles from './Consult.module.css'

function Form({ consult, onClose }: { consult: Consult; onClose: () => void }) {
  const { t } = useTranslation('consults')
  const { message } = useFeedback()
  const [draft, setDraft] = useState<CaseTexts>({
    summary: consult.clinical?.summary ?? '',
    question: consult.clinical?.question ?? '',
    urgency: consult.urgency,
    wishedAt: consult.wished_at,
  })
  const step = useStep(consult.id, () => {
    message.success(t('done.edit'))
    onClose()
  })
  const change = (changes: Partial<CaseTexts>) => setDraft((before) => ({ ...before, ...changes }))
  const complete = draft.summary.trim() !== '' && draft.question.trim() !== ''
  return (
    <div className={styles.fields}>
      <Texts draft={draft} change={change} />
      <When draft={draft} change={change} />
      <ErrorLine error={step.error} />
      <div className={styles.buttons}>
        <Button
          type="primary"
          disabled={!complete}
          loading={step.isPending}
          onClick={() => step.mutate({ name: 'edit', body: texts(draft) })}
          data-testid="save-edit"
        >
          {t('common:save')}
        </Button>
        <Button onClick={onClose}>{t('common:cancel')}</Button>
      </div>
    </div>
  )
}

/** Change the texts of a draft, or of a request that was sent back. */
export function EditPanel({ consult }: { consult: Consult }) {
  const { t } = useTranslation('consults')
  const [open, setOpen] = useState(false)
  return (
    <Panel
      title={t('action.edit')}
      extra={
        <Button onClick={() => setOpen(!open)} aria-expanded={open} data-testid="action-edit">
          {t(open ? 'common:close' : 'action.edit')}
        </Button>
      }
    >
      {open && <Form consult={consult} onClose={() => setOpen(false)} />}
    </Panel>
  )
}
