import { Button, Input } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/useFormat'
import { ErrorLine } from '@/ui'
import styles from './Room.module.css'
import type { ChatState } from './useChat'

export function Chat({ chat }: { chat: ChatState }) {
  const { t } = useTranslation('room')
  const format = useFormat()
  const [text, setText] = useState('')
  const [error, setError] = useState<unknown>(null)
  const end = useRef<HTMLDivElement>(null)
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'nearest' })
  }, [chat.messages])
  const send = async () => {
    try {
      await chat.send(text)
      setText('')
      setError(null)
    } catch (failure) {
      setError(failure)
    }
  }
  return (
    <>
      <div className={styles.sideBody}>
        {chat.messages.length === 0 && <p className={styles.quiet}>{t('chat.empty')}</p>}
        <ul aria-live="polite" data-testid="chat-messages">
          {chat.messages.map((message) => (
            <li key={message.id} className={styles.message}>
              <span className={styles.quiet}>
                {message.mine ? t('me', { name: message.name }) : message.name} · {format.hour(message.at)}
              </span>
              <p>{message.text}</p>
            </li>
          ))}
        </ul>
        <div ref={end} />
      </div>
      <ErrorLine error={error} />
      <form
        className={styles.write}
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <Input
          aria-label={t('chat.write')}
          placeholder={t('chat.write')}
          value={text}
          maxLength={1000}
          onChange={(event) => setText(event.target.value)}
          data-testid="chat-input"
        />
        <Button htmlType="submit" type="primary" disabled={!text.trim()} data-testid="chat-send">
          {t('common:send')}
        </Button>
      </form>
    </>
  )
}
