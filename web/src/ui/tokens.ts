/** The one token file: every colour, space and size of the interface. Lengths are CSS pixels on an 8 px grid. */

export interface Palette {
  page: string
  panel: string
  raised: string
  line: string
  text: string
  muted: string
  accent: string
  accentText: string
  accentSoft: string
  critical: string
  criticalSoft: string
  soon: string
  soonSoft: string
  good: string
  goodSoft: string
  neutralSoft: string
}

export const light: Palette = {
  page: '#f4f6f9',
  panel: '#ffffff',
  raised: '#ffffff',
  line: '#d8dee6',
  text: '#16202c',
  muted: '#55616f',
  accent: '#1f6feb',
  accentText: '#1a5fcc',
  accentSoft: '#e6effd',
  critical: '#c62828',
  criticalSoft: '#fdecec',
  soon: '#8a5a00',
  soonSoft: '#fff3d6',
  good: '#1b6e3c',
  goodSoft: '#e4f4ea',
  neutralSoft: '#eceff3',
}

export const dark: Palette = {
  page: '#0e1217',
  panel: '#161c24',
  raised: '#1d2530',
  line: '#303a47',
  text: '#e6ebf1',
  muted: '#a3afbd',
  accent: '#1f6feb',
  accentText: '#7fb0ff',
  accentSoft: '#16294a',
  critical: '#ff8a80',
  criticalSoft: '#4a1715',
  soon: '#ffcf66',
  soonSoft: '#3d2d07',
  good: '#7ddb9f',
  goodSoft: '#12331f',
  neutralSoft: '#262f3b',
}

/** Pink paper of an electrocardiogram, the same in both themes. */
export const paper = {
  ground: '#fff6f4',
  minor: '#f8d4d0',
  major: '#e9a19b',
  trace: '#101418',
  label: '#3b1f1d',
  caliper: '#1a5fcc',
}

export const space = { half: 4, one: 8, two: 16, three: 24, four: 32, six: 48 } as const
export const radius = { small: 4, normal: 6 } as const
export const size = { body: 14, bodyPhone: 16, touch: 44, bigButton: 72, topBar: 48, sideBar: 184 } as const
/** Widths at which the layout changes: below `phone` one column, below `wide` no side bar. */
export const breakpoints = { phone: 640, wide: 960 } as const

export const fontFamily =
  'system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif'

/** Colours as CSS custom properties `--dk-…` for the style sheets. */
export function cssVariables(palette: Palette): Record<string, string> {
  return Object.fromEntries(
    Object.entries(palette).map(([name, value]: [string, string]) => [
      `--dk-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      value,
    ]),
  )
}
