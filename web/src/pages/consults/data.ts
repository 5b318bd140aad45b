import { keepPreviousData, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'
import { useApiAction } from '@/api/query'
import type { Body, Model } from '@/api/types'

export type Consult = Model<'ConsultView'>
export type ConsultRow = Model<'ConsultRow'>
export type ConsultState = Model<'ConsultState'>
export type Action = Model<'ConsultAction'>
export type Patient = Model<'PatientBrief'>

export interface ConsultFilters {
  state: string
  urgency: string
  mine: string
  open: string
}

export const STATES = [
  'draft',
  'submitted',
  'needs_information',
  'accepted',
  'scheduled',
  'live',
  'opinion_draft',
  'signed',
  'filed_back',
  'outcome_reported',
  'closed',
  'declined',
  'cancelled',
] as const satisfies readonly ConsultState[]

const LONGEST_LIST = 200

export function useConsults(filters: ConsultFilters): UseQueryResult<Model<'ConsultsView'>> {
  const state = STATES.find((each) => each === filters.state)
  const urgency = (['emergency', 'routine'] as const).find((each) => each === filters.urgency)
  return useQuery({
    queryKey: ['consults', 'list', filters],
    queryFn: () =>
      unwrap(
        api.GET('/api/consults', {
          params: {
            query: {
              ...(state ? { state: [state] } : {}),
              ...(urgency ? { urgency } : {}),
              mine: filters.mine === '1',
              open: filters.open === '1',
              limit: LONGEST_LIST,
            },
          },
        }),
      ),
    placeholderData: keepPreviousData,
  })
}

export function useConsult(id: string): UseQueryResult<Consult> {
  return useQuery({
    queryKey: ['consults', 'one', id],
    queryFn: () => unwrap(api.GET('/api/consults/{consult_id}', { params: { path: { consult_id: id } } })),
    // A live room changes by what happens in it; the live line says so, this is for when it is down.
    refetchInterval: (query) => (query.state.data?.state === 'live' ? 30_000 : false),
  })
}

/** One step in the life of a consult, as the body that the API takes. */
export type Step =
  | { name: 'submit' | 'end' | 'file-back' }
  | { name: 'accept'; body: Model<'AcceptRequest'> }
  | { name: 'schedule'; body: Model<'ScheduleRequest'> }
  | { name: 'decline' | 'cancel'; body: Body<'/api/consults/{consult_id}/decline', 'post'> }
  | { name: 'ask' | 'answer'; body: Model<'MessageRequest'> }
  | { name: 'opinion' | 'sign'; body: Model<'OpinionRequest'> }
  | { name: 'edit'; body: Model<'ConsultChange'> }
  | { name: 'outcome'; body: Body<'/api/consults/{consult_id}/outcome', 'post'> }

function take(id: string, step: Step): Promise<Consult> {
  const params = { path: { consult_id: id } }
  switch (step.name) {
    case 'submit':
      return unwrap(api.POST('/api/consults/{consult_id}/submit', { params }))
    case 'end':
      return unwrap(api.POST('/api/consults/{consult_id}/end', { params }))
    case 'file-back':
      return unwrap(api.POST('/api/consults/{consult_id}/file-back', { params }))
    case 'accept':
      return unwrap(api.POST('/api/consults/{consult_id}/accept', { params, body: step.body }))
    case 'schedule':
      return unwrap(api.POST('/api/consults/{consult_id}/schedule', { params, body: step.body }))
    case 'decline':
      return unwrap(api.POST('/api/consults/{consult_id}/decline', { params, body: step.body }))
    case 'cancel':
      return unwrap(api.POST('/api/consults/{consult_id}/cancel', { params, body: step.body }))
    case 'ask':
      return unwrap(api.POST('/api/consults/{consult_id}/ask', { params, body: step.body }))
    case 'answer':
      return unwrap(api.POST('/api/consults/{consult_id}/answer', { params, body: step.body }))
    case 'opinion':
      return unwrap(api.PUT('/api/consults/{consult_id}/opinion', { params, body: step.body }))
    case 'sign':
      return unwrap(api.POST('/api/consults/{consult_id}/sign', { params, body: step.body }))
    case 'edit':
      return unwrap(api.PATCH('/api/consults/{consult_id}', { params, body: step.body }))
    case 'outcome':
      return unwrap(api.POST('/api/consults/{consult_id}/outcome', { params, body: step.body }))
  }
}

/** Take a step; the answer is the consult as it is afterwards. */
export function useStep(id: string, onDone?: (consult: Consult, step: Step) => void) {
  const client = useQueryClient()
  return useApiAction<Step, Consult>({
    run: async (step) => {
      const consult = await take(id, step)
      client.setQueryData(['consults', 'one', id], consult)
      return consult
    },
    touches: ['consults', 'sessions'],
    ...(onDone ? { onDone } : {}),
  })
}
