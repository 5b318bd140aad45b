import { Button, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { serverNow } from '@/api/serverTime'
import { MomentInput } from '@/ui'
import type { Consult, Step } from '../data'
import styles from './Consult.module.css'
import { proposal } from './proposal'

interface TimeDialogProps {
  consult: Consult
  name: 'accept' | 'schedule'
  busy: boolean
  onStep: (step: Step) => void
  onClose: () => void
}

const LENGTHS = [15, 30, 45, 60, 90]

/** When and how long. Accepting may leave the time open. */
export default function TimeDialog({ consult, name, busy, onStep, onClose }: TimeDialogProps) {
  const { t } = useTranslation('consults')
  const [startsAt, setStartsAt] = useState<string | null>(() => proposal(consult))
  const [minutes, setMinutes] = useState(consult.minutes ?? 30)
  const send = () => {
    if (startsAt) onStep({ name, body: { starts_at: startsAt, minutes } })
  }
  return (
    <Modal
      open
      title={t(`timeDialog.${name}`)}
      onCancel={onClose}
      footer={[
        name === 'accept' ? (
          <Button
            key="later"
            disabled={busy}
            onClick={() => onStep({ name: 'accept', body: { starts_at: null, minutes } })}
            data-testid="accept-without-time"
          >
            {t('timeDialog.later')}
          </Button>
        ) : null,
        <Button key="send" type="primary" loading={busy} disabled={!startsAt} onClick={send} data-testid="time-confirm">
          {t(name === 'accept' ? 'timeDialog.acceptAt' : 'action.schedule')}
        </Button>,
      ]}
    >
      <div className={styles.fields}>
        <label htmlFor="starts-at">{t('startsAt')}</label>
        <span className={styles.row}>
          <MomentInput id="starts-at" value={startsAt} onChange={setStartsAt} testId="starts-at" />
          <Button onClick={() => setStartsAt(new Date(Math.floor(serverNow() / 60_000) * 60_000 + 60_000).toISOString())} data-testid="starts-now">
            {t('timeDialog.now')}
          </Button>
        </span>
        <label htmlFor="minutes">{t('length')}</label>
        <Select
          id="minutes"
          value={minutes}
          options={LENGTHS.map((value) => ({ value, label: t('minutes', { count: value }) }))}
          onChange={setMinutes}
        />
      </div>
    </Modal>
  )
}
