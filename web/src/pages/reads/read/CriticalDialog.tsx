import { Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, unwrap } from '@/api/client'
import { useApiAction } from '@/api/query'
import { ErrorLine, useFeedback } from '@/ui'
import type { Read, Terms } from '../data'
import { fit } from '../report/pinyin'
import { useWords } from '../words'
import styles from './ReadPage.module.css'

interface CriticalDialogProps {
  read: Read
  terms: Terms
  onClose: () => void
}

/** Confirm a critical value: the requester is told at once, and the clock starts. */
export function CriticalDialog({ read, terms, onClose }: CriticalDialogProps) {
  const { t } = useTranslation('reads')
  const words = useWords()
  const { message } = useFeedback()
  const [code, setCode] = useState<string | null>(null)
  const [note, setNote] = useState('')
  const mark = useApiAction({
    run: (body: { code: string; note: string }) =>
      unwrap(api.POST('/api/reads/{read_id}/critical', { params: { path: { read_id: read.id } }, body })),
    touches: ['reads'],
    onDone: () => {
      message.success(t('criticalSent'))
      onClose()
    },
  })
  const options = terms.criticals.map((term) => ({ value: term.code, label: words(term), zh: term.zh, en: term.en }))
  return (
    <Modal
      open
      title={t('criticalTitle')}
      okText={t('criticalConfirm')}
      okButtonProps={{ danger: true, disabled: code === null, loading: mark.isPending, id: 'critical-confirm' }}
      cancelText={t('common:cancel')}
      onOk={() => {
        if (code) mark.mutate({ code, note: note.trim() })
      }}
      onCancel={onClose}
    >
      <div className={styles.dialog}>
        <p>{t('criticalNote')}</p>
        <Select<string | null>
          showSearch={{ filterOption: (typed, option) => fit([option?.zh ?? '', option?.en ?? ''], typed) !== null }}
          aria-label={t('criticalWhich')}
          placeholder={t('criticalWhich')}
          value={code}
          options={options}
          onChange={setCode}
          data-testid="critical-code"
        />
        <Input.TextArea
          aria-label={t('criticalWords')}
          placeholder={t('criticalWords')}
          value={note}
          maxLength={500}
          autoSize={{ minRows: 2, maxRows: 4 }}
          onChange={(event) => setNote(event.target.value)}
        />
        <ErrorLine error={mark.error} />
      </div>
    </Modal>
  )
}
