import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { download } from '@/api/client'
import type { Model } from '@/api/types'
import { useFormat } from '@/i18n/useFormat'
import { DataList, EmptyState, ErrorLine, Facts, Panel, type DataColumn } from '@/ui'
import type { EntryView } from '../data'
import { useVerifiedTime, useWords } from '../words'
import styles from './EntryPage.module.css'
import { mediaByPerson, type PersonMedia } from './lanes'

type Document = Model<'EvidenceView'>

/** What arrived of everybody's voice and picture: one line for each person. */
export function MediaPanel({ entry }: { entry: EntryView }) {
  const { t } = useTranslation('assess')
  const verified = useVerifiedTime()
  const { number } = useFormat()
  if (entry.media.length === 0) return null
  const shown = (seconds: number | null) => (seconds === null ? '—' : verified(seconds))
  const column = (key: string, title: string, render: (row: PersonMedia) => string): DataColumn<PersonMedia> => ({
    key,
    title,
    render,
    align: 'right',
  })
  const columns: DataColumn<PersonMedia>[] = [
    { key: 'name', title: t('person'), card: 'title', render: (row) => row.name },
    column('audio', t('voiceReceived'), (row) => shown(row.audio)),
    column('speech', t('timeline.speech'), (row) => shown(row.speech)),
    column('muted', t('timeline.muted'), (row) => shown(row.muted)),
    column('video', t('pictureReceived'), (row) => shown(row.video)),
    column('received', t('timeline.received'), (row) => shown(row.received)),
    column('away', t('timeline.away'), (row) => shown(row.away)),
    column('packets', t('packets'), (row) => number(row.packets)),
    column('lost', t('lost'), (row) => number(row.lost)),
    column('reports', t('reports'), (row) => number(row.reports)),
    { key: 'source', title: t('reportedBy'), render: (row) => t(`source.${row.source}`, { defaultValue: row.source }) },
  ]
  return (
    <section className={styles.section}>
      <h2 className={styles.sectionTitle}>{t('mediaReports')}</h2>
      <DataList
        label={t('mediaReports')}
        rows={mediaByPerson(entry.media)}
        columns={columns}
        rowKey={(row) => row.id}
        empty={null}
      />
    </section>
  )
}

function DocumentRow({ entry, document }: { entry: EntryView; document: Document }) {
  const { t } = useTranslation('assess')
  const { number } = useFormat()
  const [error, setError] = useState<unknown>(null)
  const save = async () => {
    setError(null)
    const name = encodeURIComponent(document.name)
    try {
      await download(`/api/entries/${encodeURIComponent(entry.id)}/evidence/${name}`, document.name)
    } catch (failure) {
      setError(failure)
    }
  }
  return (
    <li className={styles.document}>
      <div>
        <b>{document.name}</b> <span className={styles.muted}>{t('bytes', { bytes: number(document.size) })}</span>
        <div className={styles.digest}>SHA-256 {document.sha256}</div>
        <ErrorLine error={error} />
      </div>
      {document.included && document.available ? (
        <Button onClick={() => void save()} data-testid="download-evidence">
          {t('download')}
        </Button>
      ) : (
        <span className={styles.muted}>{t(document.included ? 'notHere' : 'digestOnly')}</span>
      )}
    </li>
  )
}

export function DocumentsPanel({ entry }: { entry: EntryView }) {
  const { t } = useTranslation('assess')
  return (
    <Panel title={t('documents')}>
      {entry.evidence.length === 0 ? (
        <EmptyState title={t('noDocuments')} />
      ) : (
        <ul className={styles.documents}>
          {entry.evidence.map((document) => (
            <DocumentRow key={document.name} entry={entry} document={document} />
          ))}
        </ul>
      )}
    </Panel>
  )
}

/** The rule that judged the entry, as it was in force on its day. */
export function PolicyPanel({ entry }: { entry: EntryView }) {
  const { t } = useTranslation('assess')
  const words = useWords()
  const { day } = useFormat()
  const { policy, plan_item: planItem } = entry
  const source = (text: string) => (text === 'ours' || text === 'practice' ? t(`ruleSource.${text}`) : text)
  return (
    <Panel title={t('policy')}>
      <p>
        {words(policy.title)}{' '}
        <span className={styles.muted}>
          {policy.programme} v{policy.version}
          {policy.effective_from && ` · ${t('effective', { day: day(policy.effective_from) })}`}
        </span>
      </p>
      <ul className={styles.rules}>
        {policy.rules.map((rule) => (
          <li key={rule.id}>
            {words(rule)}: <b>{rule.value}</b> {t(`ruleUnit.${rule.unit}`, { defaultValue: rule.unit })}
            <span className={styles.source}>{t('sourceOf', { source: source(rule.source) })}</span>
          </li>
        ))}
      </ul>
      {planItem && (
        <p>
          {t('planItem', { year: planItem.year, kind: t(`kind.${planItem.kind}`), target: planItem.target })}
        </p>
      )}
    </Panel>
  )
}

/** What deserves a second look, with the entries it was compared with. Never a verdict. */
export function DoubtsPanel({ entry }: { entry: EntryView }) {
  const { t } = useTranslation('assess')
  const words = useWords()
  if (entry.marks.length === 0) return null
  return (
    <Panel title={t('doubts')}>
      <ul className={styles.rules}>
        {entry.marks.map((mark) => (
          <li key={mark.code}>
            <b>{words(mark)}</b> {t(`markNote.${mark.code}`, { defaultValue: '' })}
            {mark.others.length > 0 && (
              <span className={styles.others}>
                {mark.others.map((other, number) => (
                  <Link key={other} to={`/assess/entries/${other}`}>
                    {t('otherEntry', { number: number + 1 })}
                  </Link>
                ))}
              </span>
            )}
          </li>
        ))}
      </ul>
      <p className={styles.muted}>{t('doubtsNote')}</p>
    </Panel>
  )
}

export function FactsPanel({ entry }: { entry: EntryView }) {
  const { t } = useTranslation('assess')
  const verified = useVerifiedTime()
  const shown = (key: string, value: boolean | number | string) =>
    typeof value === 'boolean'
      ? t(value ? 'common:yes' : 'common:no')
      : typeof value === 'string'
        ? t(`factValue.${value}`, { defaultValue: value })
        : key.endsWith('_seconds')
          ? verified(value)
          : String(value)
  if (entry.facts.length === 0) return null
  return (
    <Panel title={t('facts')}>
      <Facts
        items={entry.facts.map((fact) => ({
          label: t(`fact.${fact.key}`, { defaultValue: fact.key }),
          value: shown(fact.key, fact.value),
        }))}
      />
    </Panel>
  )
}
