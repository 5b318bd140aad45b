import { useTranslation } from 'react-i18next'
import { Tag } from '@/ui'
import type { LectureRow } from './data'

/** "已认定 23 / 45 分": what really arrived at this person, counted by the server. */
export function Minutes({ lecture }: { lecture: Pick<LectureRow, 'my_seconds' | 'minutes' | 'floor_seconds'> }) {
  const { t } = useTranslation('lectures')
  const enough = lecture.my_seconds >= lecture.floor_seconds && lecture.my_seconds > 0
  return (
    <span data-testid="my-minutes" data-seconds={lecture.my_seconds}>
      <Tag tone={enough ? 'good' : 'neutral'}>
        {t('credited', { done: Math.floor(lecture.my_seconds / 60), whole: lecture.minutes })}
      </Tag>
    </span>
  )
}
