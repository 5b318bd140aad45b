import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Tools } from './EcgViewer'
import styles from './EcgViewer.module.css'
import { BANDS, lowPassFits, type BandName } from './filters'
import { GAINS, LAYOUTS, SPEEDS } from './geometry'
import type { EcgSignal } from './normalForm'
import type { ScreenScale } from './screen'
import type { View } from './view'

interface ToolbarProps {
  view: View
  signal: EcgSignal
  tools: Tools
  screen: ScreenScale
  canOverlay: boolean
  onView: (changes: Partial<View>) => void
  onTools: (changes: Partial<Tools>) => void
  onCalibrate: () => void
  onHelp: () => void
  children?: ReactNode
}

interface ChoiceProps<T extends string | number> {
  label: string
  value: T
  options: readonly T[]
  show: (value: T) => string
  onChange: (value: T) => void
}

/** A native list: it opens as the phone's own wheel and needs no more script. */
function Choice<T extends string | number>({ label, value, options, show, onChange }: ChoiceProps<T>) {
  return (
    <label className={styles.choice}>
      <span>{label}</span>
      <select
        value={value}
        onChange={(event) => {
          const chosen = options[event.target.selectedIndex]
          if (chosen !== undefined) onChange(chosen)
        }}
      >
        {options.map((option) => (
          <option key={option} value={option}>
            {show(option)}
          </option>
        ))}
      </select>
    </label>
  )
}

function Toggle({ on, children, onChange }: { on: boolean; children: ReactNode; onChange: (on: boolean) => void }) {
  return (
    <button type="button" className={styles.tool} aria-pressed={on} onClick={() => onChange(!on)}>
      {children}
    </button>
  )
}

function Notes({ view, signal }: Pick<ToolbarProps, 'view' | 'signal'>) {
  const { t } = useTranslation('viewer')
  const band = BANDS[view.band]
  const { low, high } = signal.deviceFilters ?? {}
  const notes = [
    low || high ? t('deviceFiltered', { band: `${low ?? '…'}–${high ?? '…'} Hz` }) : '',
    band.high > 0 && !lowPassFits(band, signal.fs) ? t('noLowPass', { fs: signal.fs }) : '',
    signal.derived?.length ? t('derived') : '',
  ].filter(Boolean)
  return notes.length > 0 ? <span className={styles.note}>{notes.join(' · ')}</span> : null
}

/** Layout, speed, gain, filter, caliper, and whether the scale is true. */
export function Toolbar(props: ToolbarProps) {
  const { t } = useTranslation('viewer')
  const { view, tools, screen, onView, onTools } = props
  return (
    <div className={styles.toolbar} role="group" aria-label={t('label', { count: props.signal.leads.length, seconds: '' })}>
      <Choice
        label={t('layout')}
        value={view.layout}
        options={LAYOUTS}
        show={(layout) => t(layout)}
        onChange={(layout) => onView({ layout, x: 0, y: 0, offset: 0 })}
      />
      <Choice
        label={t('speed')}
        value={view.speed}
        options={SPEEDS}
        show={(speed) => `${speed} mm/s`}
        onChange={(speed) => onView({ speed })}
      />
      <Choice
        label={t('gain')}
        value={view.gain}
        options={GAINS}
        show={(gain) => `${gain} mm/mV`}
        onChange={(gain) => onView({ gain })}
      />
      <Choice
        label={t('band')}
        value={view.band}
        options={Object.keys(BANDS) as BandName[]}
        show={(band) => t(band)}
        onChange={(band) => onView({ band })}
      />
      <Toggle
        on={tools.measuring}
        onChange={(measuring) => onTools({ measuring, ...(measuring ? {} : { caliper: null }) })}
      >
        {t('caliper')}
      </Toggle>
      <Toggle on={tools.march} onChange={(march) => onTools({ march })}>
        {t('march')}
      </Toggle>
      {props.canOverlay && (
        <Toggle on={tools.overlay} onChange={(overlay) => onTools({ overlay })}>
          {t('overlay')}
        </Toggle>
      )}
      {view.zoom === 1 ? (
        <button type="button" className={styles.tool} onClick={props.onCalibrate} data-testid="ecg-calibrate">
          {t(screen.calibrated ? 'calibrated' : 'uncalibrated')}
        </button>
      ) : (
        <button type="button" className={styles.warn} onClick={() => onView({ zoom: 1 })}>
          {t('zoomed', { zoom: view.zoom.toFixed(1) })} · {t('trueScale')}
        </button>
      )}
      <button type="button" className={styles.tool} onClick={props.onHelp}>
        {t('keys')} ?
      </button>
      <Notes view={view} signal={props.signal} />
      {props.children}
    </div>
  )
}
