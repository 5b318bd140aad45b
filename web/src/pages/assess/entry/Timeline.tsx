import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/useFormat'
import { usePhone } from '@/ui'
import { useVerifiedTime } from '../words'
import { gaps, inside, place, seconds, ticks, windowOf, type Interval } from './intervals'
import styles from './Timeline.module.css'

/** What arrived of one kind of media of one person, or when the person was away from the page. */
export interface Lane {
  kind: 'audio' | 'video' | 'received' | 'away'
  media: readonly Interval[]
  speech: readonly Interval[]
  muted: readonly Interval[]
}

export interface TimelinePerson {
  key: string
  name: string
  note: string
  verifiedSeconds: number
  intervals: readonly Interval[]
  lanes: readonly Lane[]
}

interface TimelineProps {
  people: readonly TimelinePerson[]
  session: Interval
}

/** So many rows are drawn at first; a lecture may have hundreds. */
const FOLDED = 30
const BAR = 16
const LANE = 8
const SPACE = 4
const LOOKS = { audio: styles.media, video: styles.media, received: styles.received, away: styles.away }
/** Percent of the width below which a bar could not be seen any more. */
const THINNEST = 0.3

function iso(moment: number): string {
  return new Date(moment * 1000).toISOString()
}

interface BarsProps {
  intervals: readonly Interval[]
  window: Interval
  y: number
  height: number
  className: string | undefined
  label: (interval: Interval) => string
}

function Bars({ intervals, window, y, height, className, label }: BarsProps) {
  return inside(intervals, window).map((each) => {
    const left = place(each.start, window)
    return (
      <rect
        key={each.start}
        x={`${left}%`}
        y={y}
        width={`${Math.max(THINNEST, place(each.end, window) - left)}%`}
        height={height}
        className={className}
      >
        <title>{label(each)}</title>
      </rect>
    )
  })
}

function useSpan(): (interval: Interval) => string {
  const { hour } = useFormat()
  return ({ start, end }) => `${hour(iso(start))}–${hour(iso(end))}`
}

function PersonRow({ person, window }: { person: TimelinePerson; window: Interval }) {
  const { t } = useTranslation('assess')
  const verified = useVerifiedTime()
  const span = useSpan()
  const missing = gaps(person.intervals)
  const height = BAR + person.lanes.length * (LANE + SPACE)
  const label = (word: string) => (each: Interval) => `${word} ${span(each)} ${verified(each.end - each.start)}`
  const spoken = [
    person.name,
    verified(person.verifiedSeconds),
    ...person.intervals.map(label(t('timeline.verified'))),
    ...missing.map(label(t('timeline.gap'))),
    ...person.lanes.filter((lane) => lane.kind === 'away').flatMap((lane) => lane.media.map(label(t('timeline.away')))),
  ]
  return (
    <li className={styles.row}>
      <div className={styles.words}>
        <span className={styles.name}>{person.name}</span>
        <span className={styles.note}>{person.note}</span>
        <span className={styles.time}>
          {verified(person.verifiedSeconds)}
          {missing.length > 0 && (
            <span className={styles.note}>
              {t('timeline.gaps', { count: missing.length, time: verified(seconds(missing)) })}
            </span>
          )}
        </span>
      </div>
      <svg className={styles.drawing} width="100%" height={height} role="img" aria-label={spoken.join(';')}>
        <line x1="0" x2="100%" y1={BAR / 2} y2={BAR / 2} className={styles.ground} />
        <Bars
          intervals={person.intervals}
          window={window}
          y={0}
          height={BAR}
          className={styles.verified}
          label={label(t('timeline.verified'))}
        />
        <Bars
          intervals={missing}
          window={window}
          y={BAR / 2 - 1}
          height={2}
          className={styles.gap}
          label={label(t('timeline.gap'))}
        />
        {person.lanes.map((lane, number) => {
          const y = BAR + SPACE + number * (LANE + SPACE)
          const bars = { window, y, height: LANE }
          return (
            <g key={lane.kind}>
              <Bars {...bars} intervals={lane.media} className={LOOKS[lane.kind]} label={label(t(`timeline.${lane.kind}`))} />
              <Bars {...bars} intervals={lane.muted} className={styles.off} label={label(t(lane.kind === 'video' ? 'timeline.cameraOff' : 'timeline.muted'))} />
              <Bars {...bars} intervals={lane.speech} className={styles.speech} label={label(t('timeline.speech'))} />
            </g>
          )
        })}
      </svg>
    </li>
  )
}

function Axis({ window }: { window: Interval }) {
  const phone = usePhone()
  const { hour } = useFormat()
  return (
    <div className={styles.axisRow} aria-hidden>
      <svg className={styles.drawing} width="100%" height={20}>
        {ticks(window, phone ? 3 : 8).map((moment) => {
          const at = place(moment, window)
          return (
            <g key={moment}>
              <line x1={`${at}%`} x2={`${at}%`} y1={0} y2={4} className={styles.ground} />
              <text
                x={`${at}%`}
                y={17}
                textAnchor={at < 5 ? 'start' : at > 95 ? 'end' : 'middle'}
                className={styles.tick}
              >
                {hour(iso(moment))}
              </text>
            </g>
          )
        })}
      </svg>
    </div>
  )
}

function Legend({ lanes }: { lanes: boolean }) {
  const { t } = useTranslation('assess')
  const marks = ['verified', 'gap', ...(lanes ? ['media', 'speech', 'off', 'received', 'away'] : [])]
  return (
    <ul className={styles.legend}>
      {marks.map((name) => (
        <li key={name}>
          <svg width="24" height="10" aria-hidden>
            <rect y={name === 'gap' ? 4 : 0} width="24" height={name === 'gap' ? 2 : 10} className={styles[name]} />
          </svg>{' '}
          {t(`timeline.${name}`)}
        </li>
      ))}
    </ul>
  )
}

/** Who was there when, as received media shows it: one row for each person, gaps visible. */
export function Timeline({ people, session }: TimelineProps) {
  const { t } = useTranslation('assess')
  const [all, setAll] = useState(people.length <= FOLDED)
  const window = windowOf(
    session,
    people.flatMap((person) => [...person.intervals, ...person.lanes.flatMap((lane) => lane.media)]),
  )
  return (
    <div data-testid="timeline">
      <svg width="0" height="0" className={styles.patterns} aria-hidden>
        <defs>
          <pattern id="off" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <line y2="4" className={styles.hatch} />
          </pattern>
        </defs>
      </svg>
      <ul className={styles.rows}>
        {(all ? people : people.slice(0, FOLDED)).map((person) => (
          <PersonRow key={person.key} person={person} window={window} />
        ))}
      </ul>
      {!all && (
        <Button type="link" onClick={() => setAll(true)}>
          {t('timeline.all', { count: people.length })}
        </Button>
      )}
      <Axis window={window} />
      <Legend lanes={people.some((person) => person.lanes.length > 0)} />
    </div>
  )
}
