import { QueryClient, useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query'
import { ApiError } from './problem'

/** First element of every query key. Live events name the same topics. */
export type Topic =
  | 'reads'
  | 'consults'
  | 'sessions'
  | 'lectures'
  | 'entries'
  | 'assessment'
  | 'people'
  | 'patients'
  | 'pairing'
  | 'demo'

function worthRetrying(count: number, error: Error): boolean {
  if (count >= 2) return false
  return !(error instanceof ApiError) || error.status === 0 || error.status === 503
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: worthRetrying, staleTime: 15_000, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  })
}

export interface ApiAction<Input, Output> {
  run: (input: Input) => Promise<Output>
  /** Topics whose lists and objects changed by it. */
  touches: readonly Topic[]
  onDone?: (output: Output, input: Input) => void
}

/** A write: runs once, then refetches what it touched. */
export function useApiAction<Input, Output>(
  action: ApiAction<Input, Output>,
): UseMutationResult<Output, Error, Input> {
  const client = useQueryClient()
  return useMutation({
    mutationFn: action.run,
    onSuccess: async (output, input) => {
      await Promise.all(action.touches.map((topic) => client.invalidateQueries({ queryKey: [topic] })))
      action.onDone?.(output, input)
    },
    onError: async (error) => {
      // Somebody else was faster: show the present state beside the refusal.
      if (error instanceof ApiError && error.status === 409) {
        await Promise.all(action.touches.map((topic) => client.invalidateQueries({ queryKey: [topic] })))
      }
    },
  })
}
