import { Input } from 'antd'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFeedback } from './feedback'

interface ReasonQuestion {
  title: string
  /** what will happen */
  consequence?: string
  /** words of the confirming button */
  confirm: string
  /** offered reasons, one tap each */
  suggestions?: readonly string[]
  danger?: boolean
}

const LONGEST = 500

function ReasonFields(props: { question: ReasonQuestion; onChange: (text: string) => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const change = (value: string) => {
    setText(value)
    props.onChange(value)
  }
  return (
    <div style={{ display: 'grid', gap: 8 }}>
      {props.question.consequence && <p>{props.question.consequence}</p>}
      {props.question.suggestions && (
        <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }}>
          {props.question.suggestions.map((each) => (
            <button key={each} type="button" className="dk-chip" onClick={() => change(each)}>
              {each}
            </button>
          ))}
        </div>
      )}
      <Input.TextArea
        aria-label={t('reason.label')}
        placeholder={t('reason.placeholder')}
        value={text}
        onChange={(event) => change(event.target.value)}
        maxLength={LONGEST}
        autoSize={{ minRows: 3, maxRows: 8 }}
        data-testid="reason"
      />
    </div>
  )
}

/** Ask for a reason before something that others will have to understand. Resolves null when given up. */
export function useReason(): (question: ReasonQuestion) => Promise<string | null> {
  const { modal, message } = useFeedback()
  const { t } = useTranslation()
  return useCallback(
    (question) =>
      new Promise((resolve) => {
        let reason = ''
        void modal.confirm({
          title: question.title,
          icon: null,
          content: <ReasonFields question={question} onChange={(text) => (reason = text.trim())} />,
          okText: question.confirm,
          okButtonProps: { danger: question.danger ?? false },
          cancelText: t('cancel'),
          onOk: () => {
            if (reason) {
              resolve(reason)
              return
            }
            message.warning(t('reason.missing'))
            return Promise.reject(new Error('no reason given'))
          },
          onCancel: () => resolve(null),
        })
      }),
    [modal, message, t],
  )
}
