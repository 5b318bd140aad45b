const PATHS = {
  microphone: 'M12 3.500a3 3 0 0 1 3 3V12a3 3 0 0 1-6 0V6.500a3 3 0 0 1 3-3zM5.500 11.500a6.500 6.500 0 0 0 13 0M12 18v3',
  camera: 'M3 7h12v10H3zM15 11l6-3v8l-6-3z',
  screen: 'M3 5h18v11H3zM8 20h8M12 8v5M9.500 10.500 12 8l2.500 2.500',
  hand: 'M7 12V6.500a1.500 1.500 0 0 1 3 0V11V4.500a1.500 1.500 0 0 1 3 0V11V5.500a1.500 1.500 0 0 1 3 0V12V8.500a1.500 1.500 0 0 1 3 0V15a6 6 0 0 1-6 6h-1c-2.500 0-3.500-1-5-3l-2.500-4c-1-1.500 1-2.500 2-1.500z',
  chat: 'M4 5h16v11H9l-5 4z',
  people: 'M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 20c0-4 3-6 6.500-6s6.500 2 6.500 6M16 4.500a3.500 3.500 0 0 1 0 6.500M18 14.500c2 .8 3.500 2.500 3.500 5.500',
  papers: 'M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6',
  data: 'M4 19v-3M9 19v-7M14 19V9M19 19V5',
  devices: 'M4 7h9M17 7h3M15 5v4M4 17h3M11 17h9M9 15v4',
  leave: 'M3 14c5-5 13-5 18 0l-2.500 2.500-4-2v-2.200a12 12 0 0 0-5 0v2.200l-4 2z',
} as const
export type ControlName = keyof typeof PATHS

export function ControlIcon({ name, off = false }: { name: ControlName; off?: boolean }) {
  const slashed = off && (name === 'microphone' || name === 'camera')
  return (
    <svg
      viewBox="0 0 24 24"
      width="22"
      height="22"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
    >
      <path d={PATHS[name]} />
      {slashed && <path d="M4 3l17 18" />}
    </svg>
  )
}
