import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { serverNow } from '@/api/serverTime'
import { clockText } from '@/i18n/useFormat'
import styles from './Clock.module.css'

const watchers = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function everySecond(watcher: () => void): () => void {
  watchers.add(watcher)
  timer ??= setInterval(() => {
    for (const each of watchers) each()
  }, 1000)
  return () => {
    watchers.delete(watcher)
    if (watchers.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** Whole seconds of the server's clock, renewed every second for all who ask by one timer. */
export function useNow(): number {
  return useSyncExternalStore(everySecond, () => Math.floor(serverNow() / 1000))
}

export type Urgency = 'calm' | 'soon' | 'overdue'

/** How close a deadline is; `seconds` left, `soon` the seconds from which it is called close. */
export function urgencyOf(seconds: number, soon: number): Urgency {
  if (seconds < 0) return 'overdue'
  return seconds <= soon ? 'soon' : 'calm'
}

interface ClockProps {
  /** ISO time by which it must be done */
  due: string
  /** seconds from which it is shown as close; default 5 minutes */
  soon?: number
}

/** Time left until a deadline: "剩 04:12", "剩 3 天", or in red how long it is overdue. */
export function Clock({ due, soon = 300 }: ClockProps) {
  const { t } = useTranslation()
  const now = useNow()
  const deadline = Date.parse(due)
  if (Number.isNaN(deadline)) return <span>—</span>
  const left = Math.floor(deadline / 1000) - now
  const amount = Math.abs(left)
  const text =
    amount < 2 * 86_400 ? clockText(amount) : t('clock.days', { count: Math.floor(amount / 86_400) })
  const urgency = urgencyOf(left, soon)
  return (
    <span role="timer" className={`${styles.clock} ${styles[urgency]}`}>
      {t(left < 0 ? 'clock.overdue' : 'clock.left', { time: text })}
    </span>
  )
}

/** Time since a moment, counting up: "00:12:40". */
export function Stopwatch({ since }: { since: string }) {
  const now = useNow()
  const started = Date.parse(since)
  return (
    <span role="timer" className={styles.clock}>
      {Number.isNaN(started) ? '—' : clockText(now - Math.floor(started / 1000))}
    </span>
  )
}
