import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { api, unwrap } from '@/api/client'
import { usePerson } from '@/api/session'
import type { Model } from '@/api/types'
import type { Consult } from '../data'
import { sendFile, type SendingFile } from '../files'

/** What can still be changed after the request was begun. */
export interface CaseTexts {
  summary: string
  question: string
  urgency: Model<'ConsultRequest'>['urgency']
  wishedAt: string | null
}

export interface Draft extends CaseTexts {
  patient: Model<'PatientView'> | null
  unit: string
  department: string
  specialist: string
  files: File[]
}

export const EMPTY: Draft = {
  patient: null,
  unit: '',
  department: '',
  specialist: '',
  summary: '',
  question: '',
  urgency: 'routine',
  wishedAt: null,
  files: [],
}

/** Units that support ours under an agreement in force. */
export function useSupporters() {
  const own = usePerson().organisation.id
  return useQuery({
    queryKey: ['pairing', 'supporters', own],
    queryFn: async () => {
      const { agreements } = await unwrap(api.GET('/api/agreements'))
      const held = agreements.filter((each) => each.in_force && each.recipient_id === own)
      return held.map((each) => ({ id: each.supporting_id, name: each.supporting_name }))
    },
    staleTime: 300_000,
  })
}

/** Departments and specialists of a unit. */
export function useDirectory(unit: string) {
  return useQuery({
    queryKey: ['people', 'directory', unit],
    queryFn: () =>
      unwrap(api.GET('/api/directory', { params: { query: { organisation_id: unit, role: 'specialist' } } })),
    enabled: unit !== '',
    staleTime: 300_000,
  })
}

/** What is still missing before it can be sent, as a key of the words; an empty string for nothing. */
export function missing(draft: Draft): string {
  if (!draft.patient) return 'missing.patient'
  if (!draft.unit) return 'missing.unit'
  if (!draft.summary.trim()) return 'missing.summary'
  return draft.question.trim() ? '' : 'missing.question'
}

/** The texts as the API takes them. */
export function texts(draft: CaseTexts) {
  return {
    summary: draft.summary.trim(),
    question: draft.question.trim(),
    urgency: draft.urgency,
    wished_at: draft.wishedAt,
  }
}

async function create(draft: Draft): Promise<Consult> {
  if (!draft.patient) throw new Error('no patient')
  return unwrap(
    api.POST('/api/consults', {
      body: {
        ...texts(draft),
        patient_id: draft.patient.id,
        supporting_id: draft.unit,
        department_id: draft.department || null,
        specialist_id: draft.specialist || null,
        submit: false,
      },
    }),
  )
}

/**
 * Create, send the files one after the other, submit. What was done is kept, so that after a dropped line the
 * same button goes on where it stopped.
 */
export function useNewConsult() {
  const client = useQueryClient()
  const made = useRef<string | null>(null)
  const sent = useRef(new Set<File>())
  const [sending, setSending] = useState<SendingFile | null>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [begun, setBegun] = useState(false)

  const steps = async (draft: Draft, submit: boolean): Promise<string> => {
    const id = made.current ?? (await create(draft)).id
    const params = { path: { consult_id: id } }
    if (made.current) await unwrap(api.PATCH('/api/consults/{consult_id}', { params, body: texts(draft) }))
    made.current = id
    setBegun(true)
    for (const file of draft.files) {
      if (sent.current.has(file)) continue
      let failure: unknown = null
      const done = await sendFile(id, file, (state) => {
        failure = state.error
        setSending(state)
      })
      if (!done) throw failure
      sent.current.add(file)
    }
    if (submit) await unwrap(api.POST('/api/consults/{consult_id}/submit', { params }))
    return id
  }

  const send = async (draft: Draft, submit: boolean): Promise<string | null> => {
    setBusy(true)
    setError(null)
    try {
      const id = await steps(draft, submit)
      await client.invalidateQueries({ queryKey: ['consults'] })
      return id
    } catch (failure) {
      setError(failure)
      return null
    } finally {
      setSending(null)
      setBusy(false)
    }
  }
  return { send, sending, busy, error, begun }
}
