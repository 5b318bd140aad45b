import { useTranslation } from 'react-i18next'
import type { Model } from '@/api/types'
import { useFormat } from '@/i18n/useFormat'
import styles from './EntriesPage.module.css'
import type { EntriesFilters } from './filters'

interface CountsProps {
  log: Model<'EntriesView'>
  filters: EntriesFilters
  onChange: (changes: Partial<EntriesFilters>) => void
}

interface ChipProps {
  words: string
  count: number
  on: boolean
  onPress: () => void
  name: string
}

function Chip({ words, count, on, onPress, name }: ChipProps) {
  const { number } = useFormat()
  return (
    <button type="button" className="dk-chip" aria-pressed={on} onClick={onPress} data-testid={`count-${name}`}>
      {words} <b>{number(count)}</b>
    </button>
  )
}

/** How many match; each number narrows the list to what it counts, and again to undo. */
export function Counts({ log, filters, onChange }: CountsProps) {
  const { t } = useTranslation('assess')
  const { number } = useFormat()
  const toggle = (name: 'creditable' | 'doubtful' | 'kind', value: string) => () =>
    onChange({ [name]: filters[name] === value ? '' : value })
  return (
    <div className={styles.counts}>
      <span data-testid="count-total">{t('total', { total: number(log.total) })}</span>
      <Chip
        name="creditable"
        words={t('creditable.yes')}
        count={log.creditable}
        on={filters.creditable === 'yes'}
        onPress={toggle('creditable', 'yes')}
      />
      <Chip
        name="not-creditable"
        words={t('creditable.no')}
        count={log.not_creditable}
        on={filters.creditable === 'no'}
        onPress={toggle('creditable', 'no')}
      />
      <Chip
        name="doubtful"
        words={t('doubtful.yes')}
        count={log.doubtful}
        on={filters.doubtful === 'yes'}
        onPress={toggle('doubtful', 'yes')}
      />
      <span className={styles.space} />
      {log.by_kind.map((each) => (
        <Chip
          key={each.kind}
          name={each.kind}
          words={t(`kind.${each.kind}`)}
          count={each.total}
          on={filters.kind === each.kind}
          onPress={toggle('kind', each.kind)}
        />
      ))}
      {log.superseded > 0 && <span className={styles.muted}>{t('supersededCount', { count: log.superseded })}</span>}
    </div>
  )
}
