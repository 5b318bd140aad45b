import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, fetchBytes, unwrap } from '@/api/client'
import { useApiAction } from '@/api/query'
import type { Model } from '@/api/types'

export type Read = Model<'ReadView'>
export type ReadRow = Model<'ReadRowView'>
export type ReadEvent = Model<'ReadEvent'>
export type Content = Model<'ReportContent'>
export type Report = Model<'ReportView'>
export type Terms = Model<'TermsView'>
export type FileCheck = Model<'FileCheckView'>

export interface ReadsQuery {
  side?: Model<'Side'>
  group?: 'open' | 'done' | 'all'
  urgency?: 'emergency' | 'routine'
  mine?: boolean
  search?: string
  limit?: number
}

export function useReads(query: ReadsQuery) {
  return useQuery({
    queryKey: ['reads', 'list', query],
    queryFn: () => unwrap(api.GET('/api/reads', { params: { query } })),
    placeholderData: keepPreviousData,
  })
}

export function useRead(id: string) {
  return useQuery({
    queryKey: ['reads', 'one', id],
    queryFn: () => unwrap(api.GET('/api/reads/{read_id}', { params: { path: { read_id: id } } })),
    enabled: id !== '',
  })
}

export function useTerms() {
  return useQuery({
    queryKey: ['reads', 'terms'],
    queryFn: () => unwrap(api.GET('/api/reads/terms')),
    staleTime: Infinity,
  })
}

export function useEcg(id: string) {
  return useQuery({
    queryKey: ['reads', 'ecg', id],
    queryFn: () => unwrap(api.GET('/api/reads/{read_id}/ecg', { params: { path: { read_id: id } } })),
    staleTime: 300_000,
  })
}

/** The samples, by the digest of their document: the same digest never needs to be fetched again. */
export function useSamples(id: string, sha256: string) {
  return useQuery({
    queryKey: ['samples', id, sha256],
    queryFn: ({ signal }) => fetchBytes(`/api/reads/${encodeURIComponent(id)}/ecg/samples`, signal),
    enabled: sha256 !== '',
    staleTime: Infinity,
  })
}

type Bare = 'claim' | 'release' | 'acknowledge' | 'critical/acknowledge'

/** A step that needs nothing but the button. */
export function useStep(step: Bare, onDone?: (read: Read) => void) {
  return useApiAction<string, Read>({
    run: (id) => unwrap(api.POST(`/api/reads/{read_id}/${step}`, { params: { path: { read_id: id } } })),
    touches: ['reads'],
    ...(onDone ? { onDone } : {}),
  })
}

export function useCancelRead(onDone?: () => void) {
  return useApiAction({
    run: ({ id, reason }: { id: string; reason: string }) =>
      unwrap(api.POST('/api/reads/{read_id}/cancel', { params: { path: { read_id: id } }, body: { reason } })),
    touches: ['reads'],
    ...(onDone ? { onDone } : {}),
  })
}

/** What a button allows: the server sends the events open to this person with the object. */
export function may(read: { actions: ReadEvent[] }, event: ReadEvent): boolean {
  return read.actions.includes(event)
}
