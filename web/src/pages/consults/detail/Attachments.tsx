import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { download, fetchBytes } from '@/api/client'
import type { Model } from '@/api/types'
import { useFormat } from '@/i18n/useFormat'
import { ErrorLine, ProgressLine } from '@/ui'
import { sendFile, type SendingFile } from '../files'
import styles from './Consult.module.css'

type File = Model<'AttachmentView'>

const PICTURES = ['image/jpeg', 'image/png', 'image/webp']
/** What the file dialog offers; the server looks at the content. */
export const ACCEPTED = 'image/jpeg,image/png,image/webp,application/pdf,application/dicom,.dcm,text/plain'

function useSize() {
  const format = useFormat()
  return (bytes: number) =>
    bytes < 1_000_000
      ? `${format.number(Math.max(1, Math.round(bytes / 1000)))} kB`
      : `${format.number(bytes / 1_000_000, 1)} MB`
}

/** A picture or PDF of the case, fetched with the person's own rights. */
function Preview({ file }: { file: File }) {
  const { t } = useTranslation('consults')
  const [address, setAddress] = useState('')
  const [error, setError] = useState<unknown>(null)
  useEffect(() => {
    const stop = new AbortController()
    let made = ''
    fetchBytes(`/api/attachments/${file.id}`, stop.signal)
      .then((bytes) => {
        made = URL.createObjectURL(new Blob([bytes], { type: file.media_type }))
        setAddress(made)
      })
      .catch((failure: unknown) => {
        if (!stop.signal.aborted) setError(failure)
      })
    return () => {
      stop.abort()
      URL.revokeObjectURL(made)
    }
  }, [file.id, file.media_type])
  if (error) return <ErrorLine error={error} />
  if (!address) return <p role="status">{t('common:loading')}</p>
  if (PICTURES.includes(file.media_type)) return <img className={styles.picture} src={address} alt={file.filename} />
  return <iframe className={styles.paper} src={address} title={file.filename} />
}

function FileRow({ file }: { file: File }) {
  const { t } = useTranslation('consults')
  const size = useSize()
  const [open, setOpen] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const viewable = PICTURES.includes(file.media_type) || file.media_type === 'application/pdf'
  const save = () => {
    download(`/api/attachments/${file.id}`, file.filename).catch(setError)
  }
  return (
    <li className={styles.file} data-testid="attachment">
      <div className={styles.row}>
        <span className={styles.fileName}>
          {file.filename} <span className={styles.muted}>{size(file.size)}</span>
        </span>
        {viewable && (
          <Button size="small" onClick={() => setOpen(!open)} aria-expanded={open}>
            {t(open ? 'files.hide' : 'files.show')}
          </Button>
        )}
        <Button size="small" onClick={save}>
          {t('files.save')}
        </Button>
      </div>
      <ErrorLine error={error} />
      {open && <Preview file={file} />}
    </li>
  )
}

function Sending({ sending }: { sending: SendingFile }) {
  const { t } = useTranslation('consults')
  const { progress } = sending
  const percent = progress && progress.total > 0 ? Math.round((progress.sent / progress.total) * 100) : 0
  return (
    <li className={styles.file}>
      <div className={styles.row}>
        <span className={styles.fileName}>{sending.file.name}</span>
        {!sending.error && (
          <Button size="small" onClick={sending.cancel}>
            {t('common:cancel')}
          </Button>
        )}
      </div>
      {sending.error ? <ErrorLine error={sending.error} /> : <ProgressLine label={t('files.sending')} percent={percent} />}
    </li>
  )
}

interface AttachmentsProps {
  consultId: string
  files: readonly File[]
  mayAttach: boolean
}

/** Files of the case, with new ones added in place. */
export function Attachments({ consultId, files, mayAttach }: AttachmentsProps) {
  const { t } = useTranslation('consults')
  const client = useQueryClient()
  const [sending, setSending] = useState<SendingFile[]>([])
  const put = (next: SendingFile) =>
    setSending((before) => [...before.filter((each) => each.key !== next.key), next])
  const add = async (file: globalThis.File) => {
    const key = await sendFile(consultId, file, put)
    if (!key) return
    await client.invalidateQueries({ queryKey: ['consults'] })
    setSending((before) => before.filter((each) => each.key !== key))
  }
  return (
    <>
      {files.length === 0 && sending.length === 0 && <p className={styles.muted}>{t('files.none')}</p>}
      <ul>
        {files.map((file) => (
          <FileRow key={file.id} file={file} />
        ))}
        {sending.map((each) => (
          <Sending key={each.key} sending={each} />
        ))}
      </ul>
      {mayAttach && (
        <label className={styles.pick}>
          <span>{t('files.add')}</span>
          <input
            type="file"
            multiple
            accept={ACCEPTED}
            className="dk-quiet"
            data-testid="attach"
            onChange={(event) => {
              for (const file of event.target.files ?? []) void add(file)
              event.target.value = ''
            }}
          />
        </label>
      )}
    </>
  )
}
