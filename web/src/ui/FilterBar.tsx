import { lazy, Suspense, type ComponentType, type ReactNode } from 'react'
import styles from './FilterBar.module.css'
import type { FilterValues } from './useUrlFilters'

export type FilterField<Name extends string> =
  | { type: 'search'; name: Name; label: string }
  | {
      type: 'select'
      name: Name
      label: string
      options: { value: string; label: string }[]
      /** typing narrows a long list of options */
      search?: boolean
    }
  | { type: 'days'; from: Name; to: Name; label: string }

export interface FilterBarProps<Name extends string> {
  fields: FilterField<Name>[]
  values: FilterValues<Name>
  onChange: (changes: Partial<FilterValues<Name>>) => void
  /** e.g. an export button */
  extra?: ReactNode
}

const FilterFields = lazy(() => import('./FilterFields'))

/** Filters of a list, on top of `useUrlFilters`. The list is there first; what filters it comes after. */
export function FilterBar<Name extends string>(props: FilterBarProps<Name>) {
  const Fields = FilterFields as unknown as ComponentType<FilterBarProps<Name>>
  return (
    <Suspense fallback={<div className={styles.place} />}>
      <Fields {...props} />
    </Suspense>
  )
}
