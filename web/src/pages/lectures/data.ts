import { keepPreviousData, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'
import { useApiAction } from '@/api/query'
import type { Model } from '@/api/types'

export type Lecture = Model<'LectureView'>
export type LectureRow = Model<'LectureRow'>
export type Action = Model<'LectureAction'>
export type Attendance = Model<'LectureAttendanceView'>

export const WHEN = ['upcoming', 'past'] as const
const LONGEST_LIST = 200
/** How often the own verified minutes are asked for while one listens. */
export const COUNTER_MS = 15_000

export function useLectures(when: string): UseQueryResult<Model<'LecturesView'>> {
  const chosen = WHEN.find((each) => each === when) ?? 'all'
  return useQuery({
    queryKey: ['lectures', 'list', chosen],
    queryFn: () => unwrap(api.GET('/api/lectures', { params: { query: { when: chosen, limit: LONGEST_LIST } } })),
    placeholderData: keepPreviousData,
  })
}

export function useLecture(id: string, every: number | false = false): UseQueryResult<Lecture> {
  return useQuery({
    queryKey: ['lectures', 'one', id],
    queryFn: () => unwrap(api.GET('/api/lectures/{lecture_id}', { params: { path: { lecture_id: id } } })),
    refetchInterval: every,
  })
}

export function useAttendance(id: string, live: boolean): UseQueryResult<Attendance> {
  return useQuery({
    queryKey: ['lectures', 'attendance', id],
    queryFn: () => unwrap(api.GET('/api/lectures/{lecture_id}/attendance', { params: { path: { lecture_id: id } } })),
    refetchInterval: live ? COUNTER_MS : false,
  })
}

export type Step =
  | { name: 'announce' | 'open' | 'start' | 'end' | 'archive' }
  | { name: 'cancel'; reason: string }
  | { name: 'edit'; body: Model<'LectureChange'> }

function take(id: string, step: Step): Promise<Lecture> {
  const params = { path: { lecture_id: id } }
  switch (step.name) {
    case 'announce':
      return unwrap(api.POST('/api/lectures/{lecture_id}/announce', { params }))
    case 'open':
      return unwrap(api.POST('/api/lectures/{lecture_id}/open', { params }))
    case 'start':
      return unwrap(api.POST('/api/lectures/{lecture_id}/start', { params }))
    case 'end':
      return unwrap(api.POST('/api/lectures/{lecture_id}/end', { params }))
    case 'archive':
      return unwrap(api.POST('/api/lectures/{lecture_id}/archive', { params }))
    case 'edit':
      return unwrap(api.PATCH('/api/lectures/{lecture_id}', { params, body: step.body }))
    case 'cancel':
      return unwrap(api.POST('/api/lectures/{lecture_id}/cancel', { params, body: { reason: step.reason } }))
  }
}

/** Take a step; the answer is the lecture as it is afterwards. */
export function useStep(id: string, onDone?: (lecture: Lecture, step: Step) => void) {
  const client = useQueryClient()
  return useApiAction<Step, Lecture>({
    run: async (step) => {
      const lecture = await take(id, step)
      client.setQueryData(['lectures', 'one', id], lecture)
      return lecture
    },
    touches: ['lectures', 'sessions'],
    ...(onDone ? { onDone } : {}),
  })
}
