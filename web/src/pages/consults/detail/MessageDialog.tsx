import { Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

interface MessageDialogProps {
  title: string
  busy: boolean
  onSend: (message: string) => void
  onClose: () => void
}

/** A message to the other side. */
export default function MessageDialog({ title, busy, onSend, onClose }: MessageDialogProps) {
  const { t } = useTranslation('consults')
  const [text, setText] = useState('')
  return (
    <Modal
      open
      title={title}
      okText={t('common:send')}
      cancelText={t('common:cancel')}
      okButtonProps={{ disabled: !text.trim(), loading: busy }}
      onOk={() => onSend(text.trim())}
      onCancel={onClose}
    >
      <Input.TextArea
        aria-label={title}
        value={text}
        maxLength={4000}
        autoSize={{ minRows: 4, maxRows: 12 }}
        onChange={(event) => setText(event.target.value)}
        data-testid="message"
      />
    </Modal>
  )
}
