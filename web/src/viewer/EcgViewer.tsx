import { lazy, Suspense, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EcgPaper } from './EcgPaper'
import styles from './EcgViewer.module.css'
import type { Caliper } from './geometry'
import { KeyHelp } from './KeyHelp'
import type { EcgSignal } from './normalForm'
import { useScreenScale } from './screen'
import { Toolbar } from './Toolbar'
import { useRoom } from './useRoom'
import { firstView, type View } from './view'

const CalibrationDialog = lazy(() => import('./CalibrationDialog'))

export interface EcgViewerProps {
  signal: EcgSignal
  /** an earlier recording, laid over this one on request */
  overlay?: EcgSignal
  /** extra controls in the tool bar, e.g. a measurement to keep */
  children?: React.ReactNode
}

/** Which helpers are on the paper. */
export interface Tools {
  caliper: Caliper | null
  measuring: boolean
  march: boolean
  overlay: boolean
}

const NO_TOOLS: Tools = { caliper: null, measuring: false, march: false, overlay: false }

/** An ECG on true-scale paper with its tool bar. It fills its parent, which must have a height. */
export function EcgViewer({ signal, overlay, children }: EcgViewerProps) {
  const { t } = useTranslation('viewer')
  const stage = useRef<HTMLDivElement>(null)
  const room = useRoom(stage)
  const screen = useScreenScale()
  const [view, setView] = useState<View | null>(null)
  const [tools, setTools] = useState<Tools>(NO_TOOLS)
  const [dialog, setDialog] = useState(false)
  const [help, setHelp] = useState(false)
  const shown = view ?? (room ? firstView(room) : null)
  const change = (changes: Partial<View>) => {
    if (!shown) return
    setView({ ...shown, ...changes })
    // A caliper belongs to the place where it was put, and not to what is there after the paper changed.
    setTools((before) => ({ ...before, caliper: null }))
  }
  return (
    <section className={styles.viewer} aria-label={t('common:nav.reads')}>
      {shown && (
        <Toolbar
          view={shown}
          signal={signal}
          tools={tools}
          screen={screen}
          canOverlay={overlay !== undefined}
          onView={change}
          onTools={(changes) => setTools((before) => ({ ...before, ...changes }))}
          onCalibrate={() => setDialog(true)}
          onHelp={() => setHelp((before) => !before)}
        >
          {children}
        </Toolbar>
      )}
      <div ref={stage} className={styles.stage} data-testid="ecg-stage">
        {room && shown && (
          <EcgPaper
            signal={signal}
            overlay={tools.overlay ? overlay : undefined}
            room={room}
            pxPerMm={screen.pxPerMm}
            view={shown}
            tools={tools}
            onView={setView}
            onTools={(changes) => setTools((before) => ({ ...before, ...changes }))}
            onHelp={() => setHelp((before) => !before)}
          />
        )}
        {help && <KeyHelp onClose={() => setHelp(false)} />}
      </div>
      {dialog && (
        <Suspense>
          <CalibrationDialog pxPerMm={screen.pxPerMm} onClose={() => setDialog(false)} />
        </Suspense>
      )}
    </section>
  )
}
