import { useMatches } from 'react-router'

export interface RouteHandle {
  /** reading pages are dark */
  dark?: boolean
  /** the page takes the whole window */
  full?: boolean
}

/** The handles of the matched routes, the deepest winning. */
export function useHandle(): RouteHandle {
  return Object.assign({}, ...useMatches().map((match) => match.handle ?? {})) as RouteHandle
}
