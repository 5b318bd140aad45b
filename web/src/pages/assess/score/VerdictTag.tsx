import { useTranslation } from 'react-i18next'
import { Tag, type Tone } from '@/ui'
import type { Score } from './data'

const TONES: Record<Score['verdict'], Tone> = {
  pass: 'good',
  open: 'accent',
  undetermined: 'soon',
  fail: 'critical',
  vetoed: 'critical',
}

export function VerdictTag({ verdict }: { verdict: Score['verdict'] }) {
  const { t } = useTranslation('assess')
  return <Tag tone={TONES[verdict]}>{t(`scoreVerdict.${verdict}`)}</Tag>
}
