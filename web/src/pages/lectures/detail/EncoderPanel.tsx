import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, unwrap } from '@/api/client'
import { useApiAction } from '@/api/query'
import type { Model } from '@/api/types'
import { useFormat } from '@/i18n/useFormat'
import { ErrorLine, Panel, useFeedback } from '@/ui'
import type { Lecture } from '../data'
import styles from './Lecture.module.css'

const STEPS = ['service', 'values', 'codecs', 'start'] as const

type Encoder = Model<'EncoderView'>

/** A value to carry over into the encoder. It can be copied without being shown. */
function Value({ name, label, value, hidden = false }: { name: string; label: string; value: string; hidden?: boolean }) {
  const { t } = useTranslation('lectures')
  const { message } = useFeedback()
  const copy = async () => {
    await navigator.clipboard.writeText(value)
    message.success(t('encoder.copied'))
  }
  return (
    <div className={styles.fields}>
      <label htmlFor={`encoder-${name}`}>{label}</label>
      <div className={styles.buttons}>
        <Input
          id={`encoder-${name}`}
          readOnly
          type={hidden ? 'password' : 'text'}
          autoComplete="off"
          value={value}
          style={{ flex: 1 }}
          data-testid={`encoder-${name}`}
        />
        <Button onClick={() => void copy()} data-testid={`copy-${name}`}>
          {t('encoder.copy')}
        </Button>
      </div>
    </div>
  )
}

function SetUp({ encoder }: { encoder: Encoder }) {
  const { t } = useTranslation('lectures')
  const format = useFormat()
  return (
    <>
      <ol>
        {STEPS.map((step) => (
          <li key={step}>{t(`encoder.step.${step}`)}</li>
        ))}
      </ol>
      <Value name="address" label={t('encoder.address')} value={`${window.location.origin}${encoder.path}`} />
      <Value name="token" label={t('encoder.token')} value={encoder.token} hidden />
      <p className={styles.note}>{t('encoder.secret', { time: format.fullTime(encoder.expires_at) })}</p>
    </>
  )
}

/** For a lecturer whose camera is an encoder such as OBS: the address and the token to give it. */
export function EncoderPanel({ lecture }: { lecture: Lecture }) {
  const { t } = useTranslation('lectures')
  const [encoder, setEncoder] = useState<Encoder | null>(null)
  const issue = useApiAction<undefined, Encoder>({
    run: () =>
      unwrap(api.POST('/api/lectures/{lecture_id}/encoder', { params: { path: { lecture_id: lecture.id } } })),
    touches: [],
    onDone: setEncoder,
  })
  return (
    <Panel
      title={t('encoder.title')}
      extra={
        <Button loading={issue.isPending} onClick={() => issue.mutate(undefined)} data-testid="encoder-open">
          {t(encoder ? 'encoder.again' : 'encoder.open')}
        </Button>
      }
    >
      <p className={styles.note}>{t('encoder.note')}</p>
      {encoder && <SetUp encoder={encoder} />}
      <ErrorLine error={issue.error} />
    </Panel>
  )
}
