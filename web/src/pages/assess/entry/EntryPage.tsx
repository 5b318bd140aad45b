import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { useFormat } from '@/i18n/useFormat'
import { Facts, PageHeader, Panel, QueryView, StateTag, Tag } from '@/ui'
import { useEntry, type EntryView } from '../data'
import { lastListAddress } from '../lastList'
import { useVerifiedTime, useWords } from '../words'
import styles from './EntryPage.module.css'
import { DocumentsPanel, DoubtsPanel, FactsPanel, MediaPanel, PolicyPanel } from './EvidencePanels'
import { lanesOf } from './lanes'
import { ProofPanel, VerifiedMark } from './ProofPanel'
import { Timeline } from './Timeline'
import { Turnaround } from './Turnaround'

/** Whether people met in it: reads are made one after the other and have no time together to draw. */
function isLive(entry: EntryView): boolean {
  return entry.kind !== 'ecg_read' || entry.people.some((person) => person.intervals.length > 0)
}

function dueOf(entry: EntryView): number | null {
  const due = entry.facts.find((fact) => fact.key === 'due_minutes')?.value
  return typeof due === 'number' ? due : null
}

function unix(iso: string): number {
  return Math.floor(Date.parse(iso) / 1000)
}

/** Why it counts or not, in words, and what became of it since. */
function Standing({ entry }: { entry: EntryView }) {
  const { t } = useTranslation('assess')
  const words = useWords()
  const { correction } = entry
  return (
    <div className={styles.standing}>
      <p className={entry.creditable ? styles.yes : styles.no} data-testid="credit">
        {t(entry.creditable ? 'creditableLong' : 'notCreditableLong')}
        {entry.reasons.length > 0 && (entry.creditable ? t('remark') : t('because'))}
        {entry.reasons.map(words).join(t('listComma'))}
      </p>
      {correction && (
        <p>
          {t('corrects', {
            reason: words(correction.reason),
            author: correction.author_name ?? correction.author_id,
          })}{' '}
          <Link to={`/assess/entries/${correction.entry_id}`}>{t('oldEntry')}</Link>
        </p>
      )}
      {entry.corrected_by && (
        <p>
          {t('wasCorrected')} <Link to={`/assess/entries/${entry.corrected_by}`}>{t('newEntry')}</Link>
        </p>
      )}
    </div>
  )
}

function Overview({ entry }: { entry: EntryView }) {
  const { t } = useTranslation('assess')
  const { fullTime } = useFormat()
  const verified = useVerifiedTime()
  return (
    <Panel>
      <Standing entry={entry} />
      <Facts
        items={[
          { label: t('started'), value: fullTime(entry.started_at) },
          { label: t('ended'), value: fullTime(entry.ended_at) },
          { label: t('supporting'), value: entry.supporting_name },
          { label: t('recipient'), value: entry.recipient_name },
          { label: t('agreement'), value: entry.agreement_number },
          { label: t('recorded'), value: fullTime(entry.recorded_at) },
          { label: t('verified'), value: isLive(entry) ? verified(entry.verified_seconds) : t('notLive') },
          { label: t('peopleCount'), value: entry.people_count },
        ]}
      />
    </Panel>
  )
}

function People({ entry }: { entry: EntryView }) {
  const { t } = useTranslation('assess')
  const words = useWords()
  if (!isLive(entry))
    return (
      <Panel title={t('peopleTitle')}>
        <Turnaround span={{ start: unix(entry.started_at), end: unix(entry.ended_at) }} dueMinutes={dueOf(entry)} />
        <Facts
          items={entry.people.map((person) => ({
            label: words(person.role),
            value: `${person.name ?? person.person_id} ${person.title} · ${person.organisation_name}`,
          }))}
        />
      </Panel>
    )
  const people = entry.people.map((person) => ({
    key: `${person.person_id}/${person.role.code}`,
    name: person.name ?? person.person_id,
    note: `${words(person.role)} · ${person.organisation_name}`,
    verifiedSeconds: person.verified_seconds,
    intervals: person.intervals,
    lanes: lanesOf(entry.media, person.person_id),
  }))
  return (
    <Panel title={t('peopleTitle')}>
      <Timeline people={people} session={{ start: unix(entry.started_at), end: unix(entry.ended_at) }} />
    </Panel>
  )
}

function Entry({ entry }: { entry: EntryView }) {
  const { t } = useTranslation('assess')
  const { time } = useFormat()
  return (
    <>
      <PageHeader
        title={`${t(`kind.${entry.kind}`)} · ${time(entry.started_at)}`}
        back={{ to: lastListAddress(), label: t('title') }}
        marks={
          <>
            <StateTag kind="entry" state={entry.creditable ? 'creditable' : 'not_creditable'} />
            <VerifiedMark entry={entry} />
            {entry.demo && <Tag tone="soon">{t('common:demo.mark')}</Tag>}
          </>
        }
      />
      <Overview entry={entry} />
      <DoubtsPanel entry={entry} />
      <People entry={entry} />
      <MediaPanel entry={entry} />
      <FactsPanel entry={entry} />
      <ProofPanel entry={entry} />
      <DocumentsPanel entry={entry} />
      <PolicyPanel entry={entry} />
    </>
  )
}

/** One entry of the log with everything that it rests on. */
export function EntryPage() {
  const { entryId = '' } = useParams()
  const query = useEntry(entryId)
  return (
    <QueryView query={query} rows={12} page>
      {(entry) => <Entry entry={entry} />}
    </QueryView>
  )
}
