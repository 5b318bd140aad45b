import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useZone } from '@/api/session'

export interface Format {
  /** 11月23日 14:05 */
  time: (iso: string) => string
  /** 2026年11月23日 14:05 */
  fullTime: (iso: string) => string
  /** 14:05 */
  hour: (iso: string) => string
  /** 14:05:09 */
  second: (iso: string) => string
  /** 2026年11月23日 */
  day: (iso: string) => string
  number: (value: number, digits?: number) => string
  /** seconds → 1:02:03 or 02:03 */
  clock: (seconds: number) => string
}

export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(whole / 3600)
  const rest = `${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`
  return hours > 0 ? `${hours}:${rest}` : rest
}

/** Dates, clocks and numbers in the reader's language and the organisation's zone. */
export function useFormat(): Format {
  const { i18n } = useTranslation()
  const zone = useZone()
  return useMemo(() => {
    const show = (options: Intl.DateTimeFormatOptions) => {
      const formatter = new Intl.DateTimeFormat(i18n.language, { ...options, timeZone: zone, hourCycle: 'h23' })
      return (iso: string) => {
        const moment = new Date(iso)
        return Number.isNaN(moment.getTime()) ? '—' : formatter.format(moment)
      }
    }
    const hour = { hour: '2-digit', minute: '2-digit' } as const
    const day = { year: 'numeric', month: 'long', day: 'numeric' } as const
    return {
      time: show({ month: 'long', day: 'numeric', ...hour }),
      fullTime: show({ ...day, ...hour }),
      hour: show(hour),
      second: show({ ...hour, second: '2-digit' }),
      day: show(day),
      number: (value, digits = 0) =>
        new Intl.NumberFormat(i18n.language, {
          minimumFractionDigits: digits,
          maximumFractionDigits: digits,
        }).format(value),
      clock: clockText,
    }
  }, [i18n.language, zone])
}
