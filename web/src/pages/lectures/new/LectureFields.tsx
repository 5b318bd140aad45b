import { Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { Choose, MomentInput } from '@/ui'
import styles from '../detail/Lecture.module.css'

/** What can still be changed after a lecture was planned. */
export interface LectureTexts {
  title: string
  description: string
  starts_at: string
  minutes: number
}

const LENGTHS = [30, 45, 60, 90, 120]

interface LectureFieldsProps {
  draft: LectureTexts
  change: (changes: Partial<LectureTexts>) => void
}

/** Title, description, time and length. */
export function LectureFields({ draft, change }: LectureFieldsProps) {
  const { t } = useTranslation('lectures')
  const lengths = [...new Set([...LENGTHS, draft.minutes])].sort((a, b) => a - b)
  return (
    <div className={styles.fields}>
      <label htmlFor="title">{t('lectureTitle')}</label>
      <Input
        id="title"
        value={draft.title}
        maxLength={120}
        onChange={(event) => change({ title: event.target.value })}
        data-testid="title"
      />
      <label htmlFor="description">{t('description')}</label>
      <Input.TextArea
        id="description"
        value={draft.description}
        maxLength={4000}
        autoSize={{ minRows: 3, maxRows: 10 }}
        onChange={(event) => change({ description: event.target.value })}
      />
      <label htmlFor="starts-at">{t('when')}</label>
      <MomentInput
        id="starts-at"
        value={draft.starts_at}
        onChange={(iso) => {
          if (iso) change({ starts_at: iso })
        }}
        testId="starts-at"
      />
      <label htmlFor="length">{t('length')}</label>
      <Choose
        id="length"
        value={String(draft.minutes)}
        options={lengths.map((value) => ({ value: String(value), label: t('minutes', { count: value }) }))}
        onChange={(value) => change({ minutes: Number(value) })}
      />
    </div>
  )
}
