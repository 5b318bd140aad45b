import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'
import type { EntriesFilters } from './entries/filters'
import { PAGE, queryOf } from './entries/filters'
import { verifySealed } from './proof/verify'
import type { Model } from '@/api/types'

export type EntrySummary = Model<'EntrySummary'>
export type EntryView = Model<'EntryView'>

export function useEntries(filters: EntriesFilters) {
  const query = queryOf(filters)
  return useQuery({
    queryKey: ['entries', 'list', query],
    queryFn: () => unwrap(api.GET('/api/entries', { params: { query: { ...query, limit: PAGE } } })),
    placeholderData: keepPreviousData,
  })
}

export function useEntry(id: string) {
  return useQuery({
    queryKey: ['entries', 'one', id],
    queryFn: () => unwrap(api.GET('/api/entries/{entry_id}', { params: { path: { entry_id: id } } })),
  })
}

export function useAgreements() {
  return useQuery({
    queryKey: ['pairing', 'agreements'],
    queryFn: () => unwrap(api.GET('/api/agreements')),
    staleTime: 300_000,
  })
}

export function useStaff() {
  return useQuery({
    queryKey: ['people', 'directory'],
    queryFn: () => unwrap(api.GET('/api/directory')),
    staleTime: 300_000,
  })
}

/** The chain from content to signature, recomputed in this browser from what the server sent. */
export function useVerification(entry: EntryView) {
  const { proof, canonical } = entry
  return useQuery({
    queryKey: ['entries', 'verified', entry.id, proof.tree_size, proof.leaf_hash, canonical],
    queryFn: () =>
      verifySealed({
        canonical,
        leafHash: proof.leaf_hash,
        index: proof.ledger_index ?? -1,
        size: proof.tree_size,
        proof: proof.path,
        checkpoint: proof.checkpoint,
        key: proof.vkey,
      }),
    enabled: proof.ledger_index !== null,
    staleTime: Infinity,
  })
}
