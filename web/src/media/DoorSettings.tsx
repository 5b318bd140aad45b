import { useRoomInfo } from '@livekit/components-react'
import type { Room } from 'livekit-client'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useFeedback } from '@/ui'
import styles from './Room.module.css'
import type { Moderation } from './useModeration'
import { doorOf } from './who'

/** Lock, waiting room, and the end for everybody. */
export function DoorSettings({ room, moderation }: { room: Room; moderation: Moderation }) {
  const { t } = useTranslation('room')
  const { modal } = useFeedback()
  const told = doorOf(useRoomInfo({ room }).metadata)
  // What was asked for is shown until the room says how it is.
  const asked = moderation.isPending && moderation.variables.name === 'door' ? moderation.variables : null
  const door = { locked: asked?.locked ?? told.locked, waiting: asked?.waiting ?? told.waiting }
  const end = () => {
    void modal.confirm({
      title: t('door.endTitle'),
      content: t('door.endConsequence'),
      icon: null,
      okText: t('door.end'),
      okButtonProps: { danger: true },
      cancelText: t('common:cancel'),
      onOk: () => moderation.mutate({ name: 'end' }),
    })
  }
  return (
    <section className={styles.group} aria-label={t('door.label')}>
      <h3>{t('door.label')}</h3>
      <label className={styles.tick}>
        <input
          type="checkbox"
          checked={door.locked}
          disabled={moderation.isPending}
          onChange={(event) => moderation.mutate({ name: 'door', locked: event.target.checked })}
          data-testid="door-locked"
        />
        <span>
          {t('door.lock')}
          <br />
          <span className={styles.quiet}>{t('door.lockHint')}</span>
        </span>
      </label>
      <label className={styles.tick}>
        <input
          type="checkbox"
          checked={door.waiting}
          disabled={moderation.isPending}
          onChange={(event) => moderation.mutate({ name: 'door', waiting: event.target.checked })}
          data-testid="door-waiting"
        />
        <span>
          {t('door.wait')}
          <br />
          <span className={styles.quiet}>{t('door.waitHint')}</span>
        </span>
      </label>
      <Button className={styles.danger ?? ''} disabled={moderation.isPending} onClick={end} data-testid="door-end">
        {t('door.end')}
      </Button>
    </section>
  )
}
