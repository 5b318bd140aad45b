import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import { useTranslation } from 'react-i18next'

interface DayRangeProps {
  label: string
  /** YYYY-MM-DD or an empty string */
  from: string
  to: string
  onChange: (from: string, to: string) => void
}

const SHAPE = 'YYYY-MM-DD'

function day(text: string) {
  const value = dayjs(text, SHAPE)
  return text && value.isValid() ? value : null
}

/** First and last day, both counted. On its own so that only pages that filter by day load a calendar. */
export default function DayRange({ label, from, to, onChange }: DayRangeProps) {
  const { t } = useTranslation()
  return (
    <DatePicker.RangePicker
      aria-label={label}
      value={[day(from), day(to)]}
      placeholder={[t('filter.from'), t('filter.to')]}
      allowEmpty={[true, true]}
      onChange={(range) => onChange(range?.[0]?.format(SHAPE) ?? '', range?.[1]?.format(SHAPE) ?? '')}
    />
  )
}
