import { Button, Input, Select } from 'antd'
import { lazy, Suspense, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './FilterBar.module.css'
import type { FilterValues } from './useUrlFilters'

const DayRange = lazy(() => import('./DayRange'))

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

interface FilterBarProps<Name extends string> {
  fields: FilterField<Name>[]
  values: FilterValues<Name>
  onChange: (changes: Partial<FilterValues<Name>>) => void
  /** e.g. an export button */
  extra?: ReactNode
}

/** Filters of a list, on top of `useUrlFilters`. */
export function FilterBar<Name extends string>({ fields, values, onChange, extra }: FilterBarProps<Name>) {
  const { t } = useTranslation()
  const patch = (changes: Record<string, string>) => onChange(changes as Partial<FilterValues<Name>>)
  const used = Object.values<string>(values).some(Boolean)
  return (
    <search className={styles.bar}>
      {fields.map((field) => {
        if (field.type === 'search')
          return (
            <Input.Search
              key={field.name}
              className={styles.search}
              aria-label={field.label}
              placeholder={field.label}
              defaultValue={values[field.name]}
              allowClear
              onSearch={(text) => patch({ [field.name]: text.trim() })}
            />
          )
        if (field.type === 'select')
          return (
            <Select
              key={field.name}
              className={styles.select}
              aria-label={field.label}
              placeholder={field.label}
              value={values[field.name] || null}
              options={field.options}
              allowClear
              showSearch={field.search ? { optionFilterProp: 'label' } : false}
              popupMatchSelectWidth={false}
              onChange={(value: string | null | undefined) => patch({ [field.name]: value ?? '' })}
            />
          )
        return (
          <Suspense key={field.from} fallback={<span className={styles.select} />}>
            <DayRange
              label={field.label}
              from={values[field.from]}
              to={values[field.to]}
              onChange={(from, to) => patch({ [field.from]: from, [field.to]: to })}
            />
          </Suspense>
        )
      })}
      {used && (
        <Button
          type="link"
          onClick={() => patch(Object.fromEntries(Object.keys(values).map((name) => [name, ''])))}
        >
          {t('filter.clear')}
        </Button>
      )}
      {extra && <span className={styles.extra}>{extra}</span>}
    </search>
  )
}
