import { Button } from 'antd'
import { useState, type DragEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/api/problem'
import { useFormat } from '@/i18n/useFormat'
import { ErrorLine } from '@/ui'
import styles from './NewReadPage.module.css'
import { speedText, sizeText } from './sizes'
import type { Sending } from './useNewRead'

interface FilePickerProps {
  sending: Sending
  /** why no file can be sent yet; '' when one can */
  waitsFor: string
  again: boolean
  onFile: (file: File) => void
  onCancel: () => void
}

/** A dropped line or a busy server; what was refused for its content would be refused again. */
function mayWorkLater(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status === 0 || error.status >= 500
}

function SendingLine({ sending, onCancel }: { sending: Extract<Sending, { state: 'sending' }>; onCancel: () => void }) {
  const { t } = useTranslation('reads')
  const { clock } = useFormat()
  const { progress, file } = sending
  const share = progress && progress.total > 0 ? progress.sent / progress.total : 0
  const whole = share >= 1
  return (
    <div className={styles.sending}>
      <progress className={styles.bar} value={share} aria-label={t('uploadProgress')} />
      <p aria-live="polite">
        {whole || !progress
          ? t(whole ? 'checkingFile' : 'startingUpload')
          : t('sentOf', {
              sent: sizeText(progress.sent),
              total: sizeText(file.size),
              speed: speedText(progress.speed),
              left: clock(Math.ceil(progress.left)),
            })}
      </p>
      <Button onClick={onCancel} data-testid="upload-cancel">
        {t('cancelUpload')}
      </Button>
    </div>
  )
}

/** Pick or drop a recording; shows how it travels. */
export function FilePicker({ sending, waitsFor, again, onFile, onCancel }: FilePickerProps) {
  const { t } = useTranslation('reads')
  const [over, setOver] = useState(false)
  if (sending.state === 'sending') return <SendingLine sending={sending} onCancel={onCancel} />
  const blocked = waitsFor !== ''
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const [file] = event.dataTransfer.files
    if (file && !blocked) onFile(file)
  }
  return (
    <div>
      <label
        className={`${styles.drop} ${over ? styles.over : ''} ${blocked ? styles.blocked : ''}`}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <input
          type="file"
          className={styles.input}
          disabled={blocked}
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? []
            event.currentTarget.value = ''
            if (file) onFile(file)
          }}
          data-testid="upload-input"
        />
        <b>{t(again ? 'pickAgain' : 'pickFile')}</b>
        <span className={styles.muted}>{waitsFor || t('fileKinds')}</span>
      </label>
      {sending.state === 'failed' && (
        <div className={styles.failed} data-testid="upload-refused">
          <ErrorLine error={sending.error} />
          {mayWorkLater(sending.error) && (
            <Button onClick={() => onFile(sending.file)} data-testid="upload-again">
              {t('sendAgain', { name: sending.file.name })}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}
