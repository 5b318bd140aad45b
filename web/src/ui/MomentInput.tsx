import { Input } from 'antd'
import { useZone } from '@/api/session'
import { isoToZoned, zonedToIso } from '@/i18n/zone'

interface MomentInputProps {
  id: string
  /** ISO, or null for none */
  value: string | null
  onChange: (iso: string | null) => void
  required?: boolean
  testId?: string
}

/** A day and a time on the organisation's clock. The browser's own picker: known to every phone, no script. */
export function MomentInput({ id, value, onChange, required, testId }: MomentInputProps) {
  const zone = useZone()
  return (
    <Input
      id={id}
      type="datetime-local"
      required={required ?? false}
      value={isoToZoned(value, zone)}
      onChange={(event) => onChange(zonedToIso(event.target.value, zone))}
      data-testid={testId}
      style={{ maxWidth: 260 }}
    />
  )
}
