import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { api, unwrap } from '@/api/client'
import { useLiveEvent, type LiveEvent } from '@/api/live'
import type { Model } from '@/api/types'

export type ReadRow = Model<'ReadRowView'>
export type ConsultRow = Model<'ConsultRow'>
export type AgendaItem = Model<'AgendaItem'>
export type Plan = Model<'PlanView'>
export type Kind = Model<'ActivityKind'>

const MINUTE = 60_000

/** Today's sessions. Asked again every minute, because doors open by the clock. */
export function useAgenda() {
  const client = useQueryClient()
  const listen = useCallback(
    (event: LiveEvent) => {
      if (event.topic === 'consults' || event.topic === 'lectures')
        void client.invalidateQueries({ queryKey: ['sessions', 'agenda'] })
    },
    [client],
  )
  useLiveEvent(listen)
  return useQuery({
    queryKey: ['sessions', 'agenda'],
    queryFn: () => unwrap(api.GET('/api/agenda')),
    refetchInterval: MINUTE,
  })
}

export function useReads(side: 'reader' | 'requester', limit: number) {
  const query = { side, group: 'open', limit } as const
  return useQuery({
    queryKey: ['reads', 'list', query],
    queryFn: () => unwrap(api.GET('/api/reads', { params: { query } })),
  })
}

/** Reports that were answered long ago are of no interest here: open consults only. */
export function useConsults(limit: number) {
  const query = { open: true, limit } as const
  return useQuery({
    queryKey: ['consults', 'list', query],
    queryFn: () => unwrap(api.GET('/api/consults', { params: { query } })),
  })
}

export interface Progress {
  agreementId: string
  number: string
  partner: string
  items: { kind: Kind; target: number; done: number }[]
}

/** What the plans of a year ask for, and what the log already holds of it. */
export function usePlanProgress(year: number, own: string) {
  return useQuery({
    queryKey: ['entries', 'plan', year, own],
    queryFn: async (): Promise<Progress[]> => {
      const { agreements } = await unwrap(api.GET('/api/agreements'))
      const held = agreements.filter((each) => each.in_force && [each.supporting_id, each.recipient_id].includes(own))
      return Promise.all(
        held.map(async (agreement) => {
          const query = { agreement_id: agreement.id, from: `${year}-01-01`, to: `${year}-12-31`, limit: 1 }
          const log = await unwrap(api.GET('/api/entries', { params: { query } }))
          const done = new Map(log.by_kind.map((each) => [each.kind, each.creditable]))
          const items = agreement.plans.filter((plan) => plan.year === year).flatMap((plan) => plan.items)
          return {
            agreementId: agreement.id,
            number: agreement.number,
            partner: agreement.supporting_id === own ? agreement.recipient_name : agreement.supporting_name,
            items: items.map(({ kind, target }) => ({ kind, target, done: done.get(kind) ?? 0 })),
          }
        }),
      )
    },
  })
}

/** Which parts of the house are well: "ok", or what is wrong. */
export function useHealth() {
  return useQuery({
    queryKey: ['health'],
    queryFn: async () => {
      const answer = await fetch('/readyz')
      return (await answer.json()) as { ready: boolean; parts: Record<string, string> }
    },
    refetchInterval: MINUTE,
  })
}
