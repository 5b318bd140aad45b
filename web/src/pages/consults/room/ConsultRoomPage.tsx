import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { api, unwrap } from '@/api/client'
import { deviceId } from '@/media/marker'
import { RecordingPanel } from '@/media/recording'
import { Room } from '@/media/Room'
import type { LeaveReason } from '@/media/types'
import { SessionView } from '@/media/WayBack'
import { Facts, Tag, useFeedback } from '@/ui'
import { Attachments } from '../detail/Attachments'
import { OpinionForm } from '../detail/OpinionPanel'
import { useConsult, type Consult } from '../data'
import { usePatientLine } from '../words'
import styles from './ConsultRoom.module.css'

/** What is discussed: the case, its files, and the opinion while it is written. */
function Side({ consult }: { consult: Consult }) {
  const { t } = useTranslation('consults')
  const { clinical } = consult
  if (!clinical) return <p>{t('notClinical')}</p>
  return (
    <div className={styles.side}>
      {consult.actions.includes('save_opinion') && (
        <section aria-label={t('opinion')}>
          <OpinionForm consult={consult} />
        </section>
      )}
      <RecordingPanel topic="consults" sessionId={consult.id} />
      <section>
        <h3>{t('documents')}</h3>
        <Attachments
          consultId={consult.id}
          files={clinical.attachments}
          mayAttach={consult.actions.includes('attach')}
        />
      </section>
      <Facts
        items={[
          { label: t('summary'), value: clinical.summary },
          { label: t('question'), value: clinical.question },
        ]}
      />
    </div>
  )
}

function InRoom({ consult }: { consult: Consult }) {
  const { t } = useTranslation('consults')
  const navigate = useNavigate()
  const client = useQueryClient()
  const { message } = useFeedback()
  const patient = usePatientLine()
  const connect = (again: boolean) =>
    unwrap(
      api.POST('/api/consults/{consult_id}/join', {
        params: { path: { consult_id: consult.id }, query: { device: deviceId(), again } },
      }),
    )
  const leave = (reason: LeaveReason) => {
    if (reason !== 'left') message.info(t(`left.${reason}`), 6)
    void client.invalidateQueries({ queryKey: ['consults'] })
    void navigate(`/consults/${consult.id}`)
  }
  return (
    <Room
      name={`consult:${consult.id}`}
      room={consult.id}
      kind="consult"
      title={t('roomTitle', { patient: patient(consult.patient) })}
      marks={<Tag>{t(consult.party === 'requester' ? 'meetsSpecialist' : 'meetsRequester', { name: consult.party === 'requester' ? consult.supporting_name : consult.requester_org_name })}</Tag>}
      canPublish
      connect={connect}
      onLeave={leave}
      side={<Side consult={consult} />}
    />
  )
}

/** The room of a consult. */
export function ConsultRoomPage() {
  const { id = '' } = useParams()
  const query = useConsult(id)
  return <SessionView query={query}>{(consult) => <InRoom consult={consult} />}</SessionView>
}
