import { useCallback, useMemo } from 'react'
import { useSearchParams } from 'react-router'

export type FilterValues<Name extends string> = Record<Name, string>

/**
 * Filters kept in the address, so that a list can be sent to a colleague and "back" restores it.
 * An empty string means "not filtered".
 */
export function useUrlFilters<Name extends string>(
  names: readonly Name[],
): [FilterValues<Name>, (changes: Partial<FilterValues<Name>>) => void] {
  const [search, setSearch] = useSearchParams()
  const values = useMemo(
    () => Object.fromEntries(names.map((name) => [name, search.get(name) ?? ''])) as FilterValues<Name>,
    [names, search],
  )
  const change = useCallback(
    (changes: Partial<FilterValues<Name>>) => {
      setSearch(
        (before) => {
          const next = new URLSearchParams(before)
          for (const [name, value] of Object.entries(changes)) {
            if (typeof value === 'string' && value) next.set(name, value)
            else next.delete(name)
          }
          return next
        },
        { replace: true },
      )
    },
    [setSearch],
  )
  return [values, change]
}
