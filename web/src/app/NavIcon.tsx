const PATHS: Record<string, string> = {
  home: 'M3 11 12 4l9 7M5.5 9.5V20h13V9.5M10 20v-6h4v6',
  reads: 'M2 13h5l2-6 4 11 3-8 1.500 3H22',
  consults: 'M4 5h12v9H9l-3.500 3.500V14H4zM19 9h2v9h-2.500v2.500L15.500 18H11',
  lectures: 'M3 5h18v11H3zM12 16v4M8 20h8M10 8.500v4l3.500-2z',
  entries: 'M5 4h14v16H5zM8.500 8.500h7M8.500 12h7M8.500 15.500h4',
  score: 'M4 20V4M4 20h17M8 16v-4M12.500 16V8M17 16v-6',
}

/** One line icon of the navigation; always shown with a word. */
export function NavIcon({ name }: { name: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width="20"
      height="20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinejoin="round"
      strokeLinecap="round"
      aria-hidden
    >
      <path d={PATHS[name] ?? ''} />
    </svg>
  )
}
