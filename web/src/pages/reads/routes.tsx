import type { RouteObject } from 'react-router'

export const routes: RouteObject[] = [
  { path: '/reads', lazy: async () => ({ Component: (await import('./list/ReadsPage')).ReadsPage }) },
  { path: '/reads/new', lazy: async () => ({ Component: (await import('./new/NewReadPage')).NewReadPage }) },
]
