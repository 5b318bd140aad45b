import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useFormat } from '@/i18n/useFormat'
import { Tag } from '@/ui'
import { useWords } from '../words'
import type { Indicator, Score } from './data'
import { PointsBar } from './PointsBar'
import styles from './Score.module.css'

function IndicatorRow({ score, indicator }: { score: Score; indicator: Indicator }) {
  const { t } = useTranslation('assess')
  const words = useWords()
  const { number } = useFormat()
  const unknown = indicator.points === null
  const address = `/assess/score/${score.agreement_id}/${indicator.id}?from=${score.first_day}&to=${score.last_day}`
  return (
    <li className={styles.indicator}>
      <div className={styles.line}>
        <Link to={address} data-testid={`indicator-${indicator.id}`}>
          {words(indicator.title)}
        </Link>
        <span className={styles.amount}>
          {unknown ? <Tag tone="neutral">{t('unknown')}</Tag> : <b>{number(indicator.points ?? 0, 2)}</b>} / {indicator.weight}
        </span>
      </div>
      <PointsBar points={indicator.points ?? 0} highest={unknown ? indicator.weight : (indicator.points ?? 0)} scale={indicator.weight} />
      <p className={styles.muted}>
        {words(indicator.basis)}
        {indicator.entries.length > 0 && ` · ${t('entriesBehind', { count: indicator.entries.length })}`}
      </p>
    </li>
  )
}

/** Each group a bar; opened, its indicators with what they rest on. */
export function Indicators({ score }: { score: Score }) {
  const { t } = useTranslation('assess')
  const words = useWords()
  const { number } = useFormat()
  return (
    <ul className={styles.groups}>
      {score.groups.map((group) => (
        <li key={group.id}>
          <details className={styles.group}>
            <summary data-testid={`group-${group.id}`}>
              <span className={styles.line}>
                <b>{words(group.title)}</b>
                <span className={styles.amount}>
                  <b>{number(group.points, 1)}</b> / {group.weight}
                  {group.known_weight < group.weight && (
                    <span className={styles.muted}> {t('unknownWeight', { count: group.weight - group.known_weight })}</span>
                  )}
                </span>
              </span>
              <PointsBar
                points={group.points}
                highest={group.points + group.weight - group.known_weight}
                scale={group.weight}
                wide
              />
            </summary>
            <ul className={styles.indicators}>
              {score.indicators
                .filter((each) => each.group === group.id)
                .map((indicator) => (
                  <IndicatorRow key={indicator.id} score={score} indicator={indicator} />
                ))}
            </ul>
          </details>
        </li>
      ))}
    </ul>
  )
}
