import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'
import { useApiAction } from '@/api/query'
import type { Model } from '@/api/types'

export type Recording = Model<'RecordingView'>
export type Recordings = Model<'RecordingsView'>
export type RecordingAction = Model<'RecordingAction'>
export type Basis = Model<'Basis'>

/** Which kind of session; also the live topic that says when its recordings changed. */
export type SessionTopic = 'consults' | 'lectures'

const BUSY = ['recording', 'finishing', 'composing'] as const satisfies readonly Recording['state'][]

/** Whether something is still being done to it. */
export function isBusy(recording: Recording): boolean {
  return BUSY.some((state) => state === recording.state)
}

export function useRecordings(topic: SessionTopic, sessionId: string): UseQueryResult<Recordings> {
  return useQuery({
    queryKey: [topic, 'recordings', sessionId],
    queryFn: () =>
      unwrap(api.GET('/api/sessions/{session_id}/recordings', { params: { path: { session_id: sessionId } } })),
    // The live line says when something changed; this is for when it is down.
    refetchInterval: (query) => (query.state.data?.recordings.some(isBusy) ? 10_000 : false),
  })
}

export type RecordingStep =
  | { name: 'start' }
  | { name: 'stop'; id: string }
  | { name: 'retry'; id: string }
  | { name: 'consent'; basis: Basis }
  | { name: 'withdraw' }

function take(sessionId: string, step: RecordingStep): Promise<unknown> {
  const session = { path: { session_id: sessionId } }
  switch (step.name) {
    case 'start':
      return unwrap(api.POST('/api/sessions/{session_id}/recordings', { params: session }))
    case 'stop':
      return unwrap(api.POST('/api/recordings/{recording_id}/stop', { params: { path: { recording_id: step.id } } }))
    case 'retry':
      return unwrap(api.POST('/api/recordings/{recording_id}/retry', { params: { path: { recording_id: step.id } } }))
    case 'consent':
      return unwrap(
        api.PUT('/api/sessions/{session_id}/recording-consent', {
          params: session,
          body: { given: true, basis: step.basis },
        }),
      )
    case 'withdraw':
      return unwrap(
        api.PUT('/api/sessions/{session_id}/recording-consent', { params: session, body: { given: false, basis: null } }),
      )
  }
}

export function useRecordingStep(topic: SessionTopic, sessionId: string, onDone?: (step: RecordingStep) => void) {
  return useApiAction<RecordingStep, unknown>({
    run: (step) => take(sessionId, step),
    touches: [topic],
    ...(onDone ? { onDone: (_, step: RecordingStep) => onDone(step) } : {}),
  })
}
