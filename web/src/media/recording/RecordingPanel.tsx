import { Button, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/useFormat'
import { ErrorLine, Panel, useFeedback } from '@/ui'
import { useRecordings, useRecordingStep, type Basis, type Recordings, type SessionTopic } from './data'
import styles from './Recording.module.css'
import { RecordingList } from './RecordingList'

const WHO = ['patient', 'guardian'] as const satisfies readonly Basis[]

interface PartProps {
  topic: SessionTopic
  found: Recordings
  step: ReturnType<typeof useRecordingStep>
}

/** What the consent says now; who may note it down, asks first and chooses who agreed. */
function Consent({ topic, found, step }: PartProps) {
  const { t } = useTranslation('recording')
  const format = useFormat()
  const { modal } = useFeedback()
  const [basis, setBasis] = useState<Basis | null>(topic === 'lectures' ? 'announced' : null)
  const { consent, actions } = found
  const withdraw = () => {
    void modal.confirm({
      title: t(`withdraw.title.${topic}`),
      content: t(`withdraw.content.${topic}`),
      okText: t(`withdraw.do.${topic}`),
      okButtonProps: { danger: true },
      onOk: () => step.mutate({ name: 'withdraw' }),
    })
  }
  if (consent.given && consent.given_at)
    return (
      <>
        <p data-testid="recording-consent" data-given>
          {t(`given.${consent.basis ?? 'patient'}`, { time: format.time(consent.given_at) })}
        </p>
        {actions.includes('withdraw') && (
          <div className={styles.buttons}>
            <Button disabled={step.isPending} onClick={withdraw} data-testid="recording-withdraw">
              {t(`withdraw.do.${topic}`)}
            </Button>
          </div>
        )}
      </>
    )
  return (
    <>
      <p data-testid="recording-consent">
        {consent.withdrawn_at
          ? t(`withdrawn.${topic}`, { time: format.time(consent.withdrawn_at) })
          : t(`none.${topic}`)}
      </p>
      {actions.includes('consent') && (
        <>
          <p className={styles.muted}>{t(`explain.${topic}`)}</p>
          {topic === 'consults' && (
            <fieldset className={styles.choices}>
              <legend>{t('whoAgreed')}</legend>
              <Radio.Group value={basis} onChange={(event) => setBasis(event.target.value as Basis)}>
                {WHO.map((who) => (
                  <Radio key={who} value={who} data-testid={`basis-${who}`}>
                    {t(`who.${who}`)}
                  </Radio>
                ))}
              </Radio.Group>
            </fieldset>
          )}
          <div className={styles.buttons}>
            <Button
              type="primary"
              disabled={step.isPending || basis === null}
              onClick={() => basis && step.mutate({ name: 'consent', basis })}
              data-testid="recording-agree"
            >
              {t(`agree.${topic}`)}
            </Button>
          </div>
        </>
      )}
    </>
  )
}

function Controls({ found, step }: PartProps) {
  const { t } = useTranslation('recording')
  const running = found.recordings.find((each) => each.state === 'recording')
  if (found.actions.includes('start'))
    return (
      <div className={styles.buttons}>
        <Button
          type="primary"
          disabled={step.isPending}
          onClick={() => step.mutate({ name: 'start' })}
          data-testid="recording-start"
        >
          {t('start')}
        </Button>
      </div>
    )
  if (!running || !found.actions.includes('stop')) return null
  return (
    <div className={styles.buttons}>
      <Button
        disabled={step.isPending}
        onClick={() => step.mutate({ name: 'stop', id: running.id })}
        data-testid="recording-stop"
      >
        {t('stop')}
      </Button>
    </div>
  )
}

/** Recording of one session: may it be, is it, what came of it. Nothing where there is nothing to say. */
export default function RecordingPanel({ topic, sessionId }: { topic: SessionTopic; sessionId: string }) {
  const { t } = useTranslation('recording')
  const { message } = useFeedback()
  const query = useRecordings(topic, sessionId)
  const step = useRecordingStep(topic, sessionId, (taken) => void message.success(t(`done.${taken.name}`)))
  const found = query.data
  if (!found) return null
  const { actions, consent, recordings } = found
  if (actions.length === 0 && recordings.length === 0 && !consent.given) return null
  const part = { topic, found, step }
  return (
    <Panel title={t('title')}>
      <div className={styles.stack} data-testid="recording-panel">
        <Consent {...part} />
        <Controls {...part} />
        <ErrorLine error={step.error} />
        {recordings.length > 0 && (
          <RecordingList
            recordings={recordings}
            onRetry={step.isPending ? null : (id) => step.mutate({ name: 'retry', id })}
          />
        )}
      </div>
    </Panel>
  )
}
