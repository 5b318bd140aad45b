import { useTranslation } from 'react-i18next'
import styles from './StateTag.module.css'

export type Tone = 'neutral' | 'accent' | 'soon' | 'good' | 'critical'

/** A short word in a soft box. Red is kept for critical values and broken promises. */
export function Tag({ tone = 'neutral', children }: { tone?: Tone; children: React.ReactNode }) {
  return <span className={`${styles.tag} ${styles[tone]}`}>{children}</span>
}

export type StateKind = 'read' | 'consult' | 'lecture' | 'entry'

/** What a state asks for: accent = it is somebody's turn, good = done, neutral = over or not begun. */
const TONES: Record<string, Tone> = {
  submitted: 'accent',
  'needs-information': 'soon',
  accepted: 'accent',
  scheduled: 'accent',
  live: 'good',
  'opinion-draft': 'accent',
  signed: 'good',
  declined: 'soon',
  returned: 'soon',
  'quality-checked': 'accent',
  queued: 'accent',
  claimed: 'accent',
  review: 'accent',
  acknowledged: 'good',
  adopted: 'good',
  announced: 'accent',
  open: 'good',
  credited: 'good',
  creditable: 'good',
  'not-creditable': 'soon',
}

/** The state of an object, in words. Server states may be spelt with "_" or "-". */
export function StateTag({ kind, state }: { kind: StateKind; state: string }) {
  const { t } = useTranslation()
  const name = state.replaceAll('_', '-')
  return <Tag tone={TONES[name] ?? 'neutral'}>{t(`state.${kind}.${name}`, { defaultValue: state })}</Tag>
}
