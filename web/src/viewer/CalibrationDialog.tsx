import { Button, InputNumber, Modal, Slider } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './CalibrationDialog.module.css'
import { CARD_MM, CSS_PX_PER_MM } from './geometry'
import { calibrate } from './screen'

const CARD_HEIGHT_MM = 53.98
/** A line of this many CSS pixels is drawn to hold a ruler against. */
const RULER_PX = 240
/** CSS pixels to the millimetre that a screen can have. */
const LEAST = 2
const GREATEST = 14

/** Match a drawn card with a real one, or type what a ruler says, and paper is true on this screen. */
export default function CalibrationDialog({ pxPerMm, onClose }: { pxPerMm: number; onClose: () => void }) {
  const { t } = useTranslation('viewer')
  const [scale, setScale] = useState(pxPerMm)
  const narrow = window.innerWidth < CARD_MM * scale + 64
  const width = (narrow ? CARD_HEIGHT_MM : CARD_MM) * scale
  const height = (narrow ? CARD_MM : CARD_HEIGHT_MM) * scale
  const keep = (value: number | null) => {
    calibrate(value)
    onClose()
  }
  return (
    <Modal
      open
      title={t('calibrate.title')}
      onCancel={onClose}
      width="max-content"
      footer={[
        <Button key="forget" onClick={() => keep(null)}>
          {t('calibrate.forget')}
        </Button>,
        <Button key="keep" type="primary" onClick={() => keep(scale)}>
          {t('calibrate.keep')}
        </Button>,
      ]}
    >
      <p className={styles.how}>{t('calibrate.how')}</p>
      <div className={styles.card} style={{ width, height }}>
        {t('calibrate.card')}
      </div>
      <Slider
        aria-label={t('calibrate.size')}
        min={LEAST}
        max={GREATEST}
        step={0.01}
        value={scale}
        onChange={setScale}
        tooltip={{ open: false }}
      />
      <div className={styles.ruler} style={{ width: RULER_PX }} />
      <label htmlFor="ruler">{t('calibrate.ruler')}</label>{' '}
      <InputNumber
        id="ruler"
        min={RULER_PX / GREATEST}
        max={RULER_PX / LEAST}
        precision={1}
        suffix="mm"
        value={RULER_PX / scale}
        onChange={(value) => {
          if (value) setScale(RULER_PX / value)
        }}
      />
      <Button type="link" onClick={() => setScale(CSS_PX_PER_MM)}>
        {t('calibrate.standard')}
      </Button>
    </Modal>
  )
}
