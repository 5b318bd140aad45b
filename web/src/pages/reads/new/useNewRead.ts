import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { api, unwrap } from '@/api/client'
import type { Model } from '@/api/types'
import { upload, type UploadProgress } from '@/api/upload'
import type { Read } from '../data'

export interface Draft {
  patient: Model<'PatientView'> | null
  supportingId: string
  urgency: Read['urgency']
  symptoms: string
  question: string
}

export type Sending =
  | { state: 'idle' }
  | { state: 'sending'; file: File; progress: UploadProgress | null }
  | { state: 'failed'; file: File; error: unknown }

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}

async function create(draft: Draft, standIn: string): Promise<Read> {
  return unwrap(
    api.POST('/api/reads', {
      body: {
        kind: 'ecg',
        patient_id: draft.patient?.id ?? '',
        supporting_id: draft.supportingId,
        urgency: draft.urgency,
        question: draft.question.trim() || standIn,
        symptoms: draft.symptoms.trim(),
      },
    }),
  )
}

/**
 * One request in the making. The file travels as soon as it is picked, while the text is still being written;
 * the text is sent with the request itself. `standIn` is the question when none was written.
 */
export function useNewRead(draft: Draft, standIn: string, begun: Read | null) {
  const client = useQueryClient()
  const [made, setMade] = useState<Read | null>(null)
  const [sending, setSending] = useState<Sending>({ state: 'idle' })
  const abort = useRef<AbortController | null>(null)
  const read = made ?? begun

  const send = async (file: File) => {
    const stop = new AbortController()
    abort.current = stop
    setSending({ state: 'sending', file, progress: null })
    try {
      const target = read ?? (await create(draft, standIn))
      setMade(target)
      const checked = await upload<Read>(`/api/reads/${encodeURIComponent(target.id)}/file`, file, {
        method: 'PUT',
        headers: { 'Content-Type': 'application/dicom' },
        signal: stop.signal,
        onProgress: (progress) => setSending({ state: 'sending', file, progress }),
      })
      setMade(checked)
      setSending({ state: 'idle' })
    } catch (error) {
      setSending(isAbort(error) ? { state: 'idle' } : { state: 'failed', file, error })
    }
    await client.invalidateQueries({ queryKey: ['reads'] })
  }

  const submit = async (confirmMismatch: boolean): Promise<Read> => {
    if (!read) throw new Error('nothing to submit')
    const sent = await unwrap(
      api.POST('/api/reads/{read_id}/submit', {
        params: { path: { read_id: read.id } },
        body: {
          confirm_mismatch: confirmMismatch,
          question: draft.question.trim() || standIn,
          symptoms: draft.symptoms.trim(),
          urgency: draft.urgency,
        },
      }),
    )
    await client.invalidateQueries({ queryKey: ['reads'] })
    return sent
  }

  /** Give up what was begun, e.g. because it was the wrong patient. */
  const discard = async (reason: string) => {
    abort.current?.abort()
    if (read) {
      const call = { params: { path: { read_id: read.id } }, body: { reason } }
      await unwrap(api.POST('/api/reads/{read_id}/cancel', call))
    }
    setMade(null)
    setSending({ state: 'idle' })
    await client.invalidateQueries({ queryKey: ['reads'] })
  }

  return { read, sending, send, submit, discard, cancelUpload: () => abort.current?.abort() }
}
