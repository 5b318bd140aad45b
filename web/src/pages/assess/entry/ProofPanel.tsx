import { useTranslation } from 'react-i18next'
import { Facts, Panel } from '@/ui'
import { useVerification, type EntryView } from '../data'
import { parseCheckpoint, parseNote } from '../proof/note'
import type { StepState } from '../proof/verify'
import { useWords } from '../words'
import styles from './EntryPage.module.css'
import { useFormat } from '@/i18n/useFormat'

export type Verdict = 'verified' | 'partly' | 'failed' | 'pending' | 'checking'

/** What this browser and the server together say of an entry. */
export function useVerdict(entry: EntryView): Verdict {
  const own = useVerification(entry)
  if (entry.proof.ledger_index === null) return 'pending'
  if (entry.proof.checks.some((check) => !check.ok)) return 'failed'
  return own.data?.verdict ?? 'checking'
}

/** "已核验 ✓", alive: it is what was recomputed a moment ago, never a stored word. */
export function VerifiedMark({ entry }: { entry: EntryView }) {
  const { t } = useTranslation('assess')
  const verdict = useVerdict(entry)
  return (
    <a href="#proof" className={`${styles.verdict} ${styles[verdict]}`} data-testid="verified" data-state={verdict}>
      {t(`verdict.${verdict}`)}
    </a>
  )
}

function Check({ state, children }: { state: StepState; children: React.ReactNode }) {
  const { t } = useTranslation('assess')
  const signs = { good: '✓', bad: '✗', unsupported: '–' }
  return (
    <li className={styles.check} data-state={state}>
      <span className={`${styles.sign} ${styles[state]}`} aria-hidden>
        {signs[state]}
      </span>
      <span className="dk-quiet">{t(`check.${state}`)} </span>
      {children}
    </li>
  )
}

function OwnChecks({ entry }: { entry: EntryView }) {
  const { t } = useTranslation('assess')
  const own = useVerification(entry)
  if (!own.data) return <p className={styles.muted}>{t('verdict.checking')}</p>
  return (
    <ul className={styles.checks} data-testid="browser-checks">
      {own.data.steps.map((step) => (
        <Check key={step.name} state={step.state}>
          {t(`step.${step.name}`)}
          {step.state === 'unsupported' && ` ${t('step.unsupported')}`}
        </Check>
      ))}
    </ul>
  )
}

/** Where the entry lies in the log, checked by the server and again, from its bytes, by this browser. */
export function ProofPanel({ entry }: { entry: EntryView }) {
  const { t } = useTranslation('assess')
  const words = useWords()
  const { fullTime } = useFormat()
  const { proof } = entry
  const note = parseNote(proof.checkpoint)
  const checkpoint = note && parseCheckpoint(note.text)
  return (
    <Panel title={t('proof')} extra={<VerifiedMark entry={entry} />}>
      <div id="proof" className={styles.proof}>
        <section>
          <h3 className={styles.small}>{t('serverChecks')}</h3>
          <ul className={styles.checks}>
            {proof.checks.map((check) => (
              <Check key={check.code} state={check.ok ? 'good' : 'bad'}>
                {words(check)}
              </Check>
            ))}
          </ul>
        </section>
        <section>
          <h3 className={styles.small}>{t('browserChecks')}</h3>
          {proof.ledger_index === null ? <p className={styles.muted}>{t('pendingNote')}</p> : <OwnChecks entry={entry} />}
        </section>
      </div>
      <Facts
        items={[
          { label: t('index'), value: proof.ledger_index === null ? '—' : `#${proof.ledger_index}` },
          { label: t('logSize'), value: proof.tree_size },
          { label: t('log'), value: checkpoint?.origin ?? '—' },
          { label: t('checkpointAt'), value: checkpoint?.at ? fullTime(checkpoint.at) : '—' },
        ]}
      />
      <details className={styles.details}>
        <summary>{t('proofDetails')}</summary>
        <dl className={styles.hashes}>
          <dt>{t('leafHash')}</dt>
          <dd>{proof.leaf_hash}</dd>
          <dt>{t('proofPath', { count: proof.path.length })}</dt>
          <dd>{proof.path.join('\n') || '—'}</dd>
          <dt>{t('checkpoint')}</dt>
          <dd>{proof.checkpoint}</dd>
          <dt>{t('logKey')}</dt>
          <dd>{proof.vkey}</dd>
          <dt>{t('canonical')}</dt>
          <dd data-testid="canonical">{entry.canonical}</dd>
        </dl>
      </details>
    </Panel>
  )
}
