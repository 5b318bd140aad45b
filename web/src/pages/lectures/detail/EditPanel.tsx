import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorLine, Panel, useFeedback } from '@/ui'
import { useStep, type Lecture } from '../data'
import { LectureFields, type LectureTexts } from '../new/LectureFields'
import styles from './Lecture.module.css'

function Form({ lecture, onClose }: { lecture: Lecture; onClose: () => void }) {
  const { t } = useTranslation('lectures')
  const { message } = useFeedback()
  const { title, description, starts_at, minutes } = lecture
  const [draft, setDraft] = useState<LectureTexts>({ title, description, starts_at, minutes })
  const step = useStep(lecture.id, () => {
    message.success(t('done.edit'))
    onClose()
  })
  return (
    <>
      <LectureFields draft={draft} change={(changes) => setDraft((before) => ({ ...before, ...changes }))} />
      <ErrorLine error={step.error} />
      <p className={styles.buttons}>
        <Button
          type="primary"
          disabled={draft.title.trim().length < 2}
          loading={step.isPending}
          onClick={() => step.mutate({ name: 'edit', body: { ...draft, title: draft.title.trim() } })}
          data-testid="save-edit"
        >
          {t('common:save')}
        </Button>
        <Button onClick={onClose}>{t('common:cancel')}</Button>
      </p>
    </>
  )
}

/** Change a lecture before its doors open. */
export function EditPanel({ lecture }: { lecture: Lecture }) {
  const { t } = useTranslation('lectures')
  const [open, setOpen] = useState(false)
  return (
    <Panel
      title={t('edit.title')}
      extra={
        <Button onClick={() => setOpen(!open)} aria-expanded={open} data-testid="action-edit">
          {t(open ? 'common:close' : 'edit.open')}
        </Button>
      }
    >
      {open && <Form lecture={lecture} onClose={() => setOpen(false)} />}
    </Panel>
  )
}
