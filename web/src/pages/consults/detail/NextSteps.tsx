import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Clock, ErrorLine, LinkButton, Panel, useFeedback, useReason } from '@/ui'
import { useStep, type Action, type Consult, type Step } from '../data'
import styles from './Consult.module.css'

const MessageDialog = lazy(() => import('./MessageDialog'))
const TimeDialog = lazy(() => import('./TimeDialog'))

type Asking = 'accept' | 'schedule' | 'ask' | 'answer' | null

/** Words of a hint on top: what this consult waits for, seen from this side. */
function hintOf(consult: Consult): string {
  const { state, party } = consult
  return `hint.${party}.${state}`
}

function useSteps(consult: Consult) {
  const { t } = useTranslation('consults')
  const { message } = useFeedback()
  const reason = useReason()
  const step = useStep(consult.id, (_, taken) => {
    if (taken.name !== 'opinion') message.success(t(`done.${taken.name}`))
  })
  const withReason = async (name: 'decline' | 'cancel') => {
    const given = await reason({
      title: t(`reason.${name}.title`),
      consequence: t(`reason.${name}.consequence`),
      confirm: t(`action.${name}`),
      suggestions: t(`reason.${name}.suggestions`, { returnObjects: true }) as unknown as string[],
      danger: true,
    })
    if (given) step.mutate({ name, body: { reason: given } })
  }
  return { step, withReason }
}

function Outcome({ busy, onStep }: { busy: boolean; onStep: (step: Step) => void }) {
  const { t } = useTranslation('consults')
  const reason = useReason()
  const refuse = async () => {
    const given = await reason({
      title: t('reason.outcome.title'),
      consequence: t('reason.outcome.consequence'),
      confirm: t('outcome.not_adopted'),
    })
    if (given) onStep({ name: 'outcome', body: { outcome: 'not_adopted', reason: given } })
  }
  return (
    <>
      <Button
        type="primary"
        loading={busy}
        onClick={() => onStep({ name: 'outcome', body: { outcome: 'adopted', reason: '' } })}
        data-testid="action-adopted"
      >
        {t('outcome.adopt')}
      </Button>
      <Button disabled={busy} onClick={() => void refuse()} data-testid="action-not-adopted">
        {t('outcome.refuse')}
      </Button>
    </>
  )
}

/** Whatever the server says this person may do now, the likeliest first. */
export function NextSteps({ consult }: { consult: Consult }) {
  const { t, i18n } = useTranslation('consults')
  const { step, withReason } = useSteps(consult)
  const [asking, setAsking] = useState<Asking>(null)
  const may = (action: Action) => consult.actions.includes(action)
  const close = () => setAsking(null)
  const send = (next: Step) => step.mutate(next, { onSuccess: close })
  const hint = hintOf(consult)
  const hinted = i18n.exists(hint, { ns: 'consults' })
  const button = (action: Action, onClick: () => void, primary = false) =>
    may(action) && (
      <Button
        key={action}
        type={primary ? 'primary' : 'default'}
        disabled={step.isPending}
        onClick={onClick}
        data-testid={`action-${action}`}
      >
        {t(`action.${action}`)}
      </Button>
    )
  if (!hinted && consult.actions.length === 0) return null
  return (
    <Panel>
      {hinted && (
        <p className={styles.hint} data-testid="next-hint">
          {t(hint)}{' '}
          {consult.state === 'scheduled' && !may('join') && consult.opens_at && (
            <>
              {t('opensIn')} <Clock due={consult.opens_at} />
            </>
          )}
        </p>
      )}
      <div className={styles.buttons}>
        {may('join') && (
          <LinkButton to={`/room/consult/${consult.id}`} type="primary" size="large" data-testid="action-join">
            {t('enterRoom')}
          </LinkButton>
        )}
        {button('submit', () => send({ name: 'submit' }), true)}
        {button('accept', () => setAsking('accept'), true)}
        {button('answer', () => setAsking('answer'), true)}
        {button('schedule', () => setAsking('schedule'), consult.state === 'accepted')}
        {may('report_outcome') && <Outcome busy={step.isPending} onStep={send} />}
        {button('file_back', () => send({ name: 'file-back' }))}
        {button('ask', () => setAsking('ask'))}
        {button('decline', () => void withReason('decline'))}
        {button('end', () => send({ name: 'end' }))}
        {button('cancel', () => void withReason('cancel'))}
      </div>
      <ErrorLine error={step.error} />
      <Suspense>
        {(asking === 'accept' || asking === 'schedule') && (
          <TimeDialog consult={consult} name={asking} busy={step.isPending} onStep={send} onClose={close} />
        )}
        {(asking === 'ask' || asking === 'answer') && (
          <MessageDialog
            title={t(`action.${asking}`)}
            busy={step.isPending}
            onSend={(message) => send({ name: asking, body: { message } })}
            onClose={close}
          />
        )}
      </Suspense>
    </Panel>
  )
}
