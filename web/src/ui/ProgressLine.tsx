import styles from './ProgressLine.module.css'

/** How far something long has come, 0–100. */
export function ProgressLine({ label, percent }: { label: string; percent: number }) {
  return (
    <label className={styles.line}>
      <span>
        {label} {percent}%
      </span>
      <progress max={100} value={percent} />
    </label>
  )
}
