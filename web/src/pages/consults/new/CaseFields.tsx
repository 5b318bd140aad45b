import { Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { MomentInput } from '@/ui'
import styles from '../detail/Consult.module.css'
import form from './NewConsult.module.css'
import type { CaseTexts } from './useNewConsult'

interface CasePartProps {
  draft: CaseTexts
  change: (changes: Partial<CaseTexts>) => void
}

/** What is wrong and what is asked. */
export function Texts({ draft, change }: CasePartProps) {
  const { t } = useTranslation('consults')
  return (
    <div className={styles.fields}>
      <label htmlFor="summary">{t('new.summary')}</label>
      <Input.TextArea
        id="summary"
        value={draft.summary}
        maxLength={4000}
        autoSize={{ minRows: 4, maxRows: 12 }}
        placeholder={t('new.summaryHint')}
        onChange={(event) => change({ summary: event.target.value })}
        data-testid="summary"
      />
      <label htmlFor="question">{t('new.question')}</label>
      <Input.TextArea
        id="question"
        value={draft.question}
        maxLength={4000}
        autoSize={{ minRows: 2, maxRows: 8 }}
        placeholder={t('new.questionHint')}
        onChange={(event) => change({ question: event.target.value })}
        data-testid="question"
      />
    </div>
  )
}

/** How urgent, and when it would suit. */
export function When({ draft, change }: CasePartProps) {
  const { t } = useTranslation('consults')
  return (
    <div className={styles.fields}>
      <fieldset className={form.urgency}>
        <legend>{t('urgency')}</legend>
        {(['routine', 'emergency'] as const).map((value) => (
          <label key={value} className={form.choice}>
            <input
              type="radio"
              name="urgency"
              checked={draft.urgency === value}
              onChange={() => change({ urgency: value })}
              data-testid={`urgency-${value}`}
            />
            {t(`common:urgency.${value}`)}
          </label>
        ))}
      </fieldset>
      <label htmlFor="wished-at">{t('new.wishedAt')}</label>
      <MomentInput id="wished-at" value={draft.wishedAt} onChange={(wishedAt) => change({ wishedAt })} testId="wished-at" />
    </div>
  )
}
