import { Button, Input, Select } from 'antd'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './FilterBar.module.css'
import { usePhone } from './useMedia'
import type { FilterBarProps, FilterField } from './FilterBar'
import type { FilterValues } from './useUrlFilters'

const DayRange = lazy(() => import('./DayRange'))

interface FieldProps<Name extends string> {
  field: FilterField<Name>
  values: FilterValues<Name>
  patch: (changes: Record<string, string>) => void
}

function Field<Name extends string>({ field, values, patch }: FieldProps<Name>) {
  if (field.type === 'search')
    return (
      <Input.Search
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
    <Suspense fallback={<span className={styles.select} />}>
      <DayRange
        label={field.label}
        from={values[field.from]}
        to={values[field.to]}
        onChange={(from, to) => patch({ [field.from]: from, [field.to]: to })}
      />
    </Suspense>
  )
}

function namesOf<Name extends string>(field: FilterField<Name>): Name[] {
  return field.type === 'days' ? [field.from, field.to] : [field.name]
}

/** The fields of a `FilterBar`. On a phone more than two of them fold away behind one line. */
export default function FilterFields<Name extends string>({ fields, values, onChange, extra }: FilterBarProps<Name>) {
  const { t } = useTranslation()
  const phone = usePhone()
  const patch = (changes: Record<string, string>) => onChange(changes as Partial<FilterValues<Name>>)
  const used = Object.values<string>(values).some(Boolean)
  const folds = phone && fields.length > 2
  const folded: FilterField<Name>[] = folds ? fields.filter((field) => field.type !== 'search') : []
  const chosen = folded.filter((field) => namesOf(field).some((name) => values[name])).length
  const show = (field: FilterField<Name>) => (
    <Field key={namesOf(field)[0]} field={field} values={values} patch={patch} />
  )
  return (
    <search className={styles.bar}>
      {fields.filter((field) => !folded.includes(field)).map(show)}
      {folds && (
        <details className={styles.fold}>
          <summary>
            {t('filter.fold')} {chosen > 0 && t('filter.chosen', { count: chosen })}
          </summary>
          <div className={styles.folded}>{folded.map(show)}</div>
        </details>
      )}
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
