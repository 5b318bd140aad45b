import { useTranslation } from 'react-i18next'
import type { Model } from '@/api/types'
import { useFormat } from '@/i18n/useFormat'
import { Panel } from '@/ui'
import styles from './Consult.module.css'

/** What was asked and answered between the two sides, in order. */
export function Notes({ notes }: { notes: Model<'NoteView'>[] }) {
  const { t } = useTranslation('consults')
  const format = useFormat()
  return (
    <Panel title={t('notes')}>
      <ol className={styles.notes}>
        {notes.map((note) => (
          <li key={note.at + note.kind}>
            <p className={styles.muted}>
              {t(`note.${note.kind}`, { defaultValue: note.kind })} · {note.author.name} · {format.time(note.at)}
            </p>
            <p className={styles.text}>{note.text}</p>
          </li>
        ))}
      </ol>
    </Panel>
  )
}
