import type { SelectProps } from 'antd'
import { lazy, Suspense } from 'react'
import styles from './Choose.module.css'

const Select = lazy(async () => ({ default: (await import('antd/es/select')).default }))

interface ChooseProps extends Pick<SelectProps, 'options' | 'placeholder' | 'allowClear' | 'loading'> {
  id?: string
  label?: string
  value: string
  onChange: (value: string) => void
  /** lets one type to find an option */
  search?: boolean
  className?: string
  testId?: string
}

/**
 * The kit's list of choices, whose code comes after the page is there: its place is held, and what does not depend
 * on it can be filled in meanwhile. An empty string is no choice.
 */
export function Choose({ label, value, onChange, search, testId, className, ...rest }: ChooseProps) {
  return (
    <Suspense fallback={<span className={`${styles.place} ${className ?? ''}`}>{rest.placeholder ?? label}</span>}>
      <Select
        {...rest}
        className={className ?? ''}
        aria-label={label}
        value={value || null}
        showSearch={search ? { optionFilterProp: 'label' } : false}
        onChange={(chosen: unknown) => onChange(typeof chosen === 'string' ? chosen : '')}
        {...(testId ? { 'data-testid': testId } : {})}
      />
    </Suspense>
  )
}
