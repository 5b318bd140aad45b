import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { api, unwrap } from '@/api/client'
import { ApiError } from '@/api/problem'
import { serverNow } from '@/api/serverTime'
import type { Content, Read } from '../data'
import { DraftKeeper, type Kept } from './draftKeeper'

/** Milliseconds without a key before the draft is saved. */
const QUIET = 1200

export interface ReportWriting {
  kept: Kept<Content>
  change: (changes: Partial<Content>) => void
  replace: (content: Content) => void
  /** save and sign; answers the signed read */
  sign: (amendmentReason: string) => Promise<Read>
}

async function save(id: string, version: number, content: Content): Promise<number> {
  const draft = await unwrap(
    api.PUT('/api/reads/{read_id}/draft', { params: { path: { read_id: id } }, body: { version, content } }),
  )
  return draft.version
}

/** The report being written for a read: kept on the server as it grows. `begin` is what it starts from. */
export function useReport(read: Read, begin: Content): ReportWriting {
  const client = useQueryClient()
  const [keeper] = useState(
    () =>
      new DraftKeeper<Content>({
        version: read.draft?.version ?? 0,
        content: read.draft?.content ?? begin,
        save: (version, content) => save(read.id, version, content),
        isConflict: (error) => error instanceof ApiError && error.status === 409,
        quiet: QUIET,
        now: serverNow,
      }),
  )
  const kept = useSyncExternalStore(keeper.subscribe, keeper.get)
  useEffect(() => {
    keeper.start()
    return () => {
      keeper.stop()
      // Leaving the page saves what is not saved yet; a refusal then has nobody to be shown to.
      void keeper.flush().catch(() => undefined)
    }
  }, [keeper])
  const sign = async (amendmentReason: string) => {
    const version = await keeper.flush(true)
    const signed = await unwrap(
      api.POST('/api/reads/{read_id}/sign', {
        params: { path: { read_id: read.id } },
        body: { draft_version: version, amendment_reason: amendmentReason },
      }),
    )
    await client.invalidateQueries({ queryKey: ['reads'] })
    return signed
  }
  return {
    kept,
    change: (changes) => keeper.change({ ...keeper.get().content, ...changes }),
    replace: (content) => keeper.change(content),
    sign,
  }
}
