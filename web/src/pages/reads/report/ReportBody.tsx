import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/useFormat'
import type { Report, Terms } from '../data'
import { NUMBERS } from '../read/content'
import { useWords } from '../words'
import styles from './ReportBody.module.css'

function useTermWords(terms: Terms | undefined) {
  const words = useWords()
  return (list: 'rhythms' | 'findings', code: string) => {
    const term = terms?.[list].find((each) => each.code === code)
    return term ? words(term) : code
  }
}

/** A signed report as it was signed. */
export function ReportBody({ report, terms }: { report: Report; terms: Terms | undefined }) {
  const { t } = useTranslation('reads')
  const { fullTime } = useFormat()
  const named = useTermWords(terms)
  const { content } = report
  const found = content.findings ?? []
  const numbers = NUMBERS.filter((name) => content[name] !== null)
  return (
    <article className={styles.report} data-testid="signed-report">
      <p className={styles.conclusion}>{content.conclusion}</p>
      {content.advice && (
        <p className={styles.advice}>
          <b>{t('advice')}</b> {content.advice}
        </p>
      )}
      <dl className={styles.facts}>
        <div>
          <dt>{t('rhythm')}</dt>
          <dd>{named('rhythms', content.rhythm)}</dd>
        </div>
        {found.length > 0 && (
          <div>
            <dt>{t('findings')}</dt>
            <dd>{found.map((code) => named('findings', code)).join(t('listComma'))}</dd>
          </div>
        )}
        {numbers.length > 0 && (
          <div>
            <dt>{t('measured')}</dt>
            <dd>
              {numbers.map((name) => (
                <span key={name} className={styles.number}>
                  {t(`number.${name}`)} {content[name]} {t(`unitOf.${name}`)}
                </span>
              ))}
            </dd>
          </div>
        )}
      </dl>
      <p className={styles.signed}>
        {t('signedBy', {
          name: `${report.signed_by_name} ${report.signed_by_title}`.trim(),
          licence: report.signed_by_licence,
          time: fullTime(report.signed_at),
        })}
        {report.version > 1 && ` · ${t('versionOf', { version: report.version })}`}
        {report.amendment_reason && ` · ${t('amendedBecause', { reason: report.amendment_reason })}`}
      </p>
    </article>
  )
}
