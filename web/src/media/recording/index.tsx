import { lazy, Suspense } from 'react'
import type { SessionTopic } from './data'

const Lazy = lazy(() => import('./RecordingPanel'))

/** The recording panel, whose code comes after the page: it stands below what people came for. */
export function RecordingPanel(props: { topic: SessionTopic; sessionId: string }) {
  return (
    <Suspense>
      <Lazy {...props} />
    </Suspense>
  )
}
