import type { RouteObject } from 'react-router'

export const routes: RouteObject[] = [
  { path: '/reads', lazy: async () => ({ Component: (await import('./list/ReadsPage')).ReadsPage }) },
  { path: '/reads/new', lazy: async () => ({ Component: (await import('./new/NewReadPage')).NewReadPage }) },
  { path: '/reads/:readId', lazy: async () => ({ Component: (await import('./requester/RequestPage')).RequestPage }) },
  {
    path: '/reads/:readId/read',
    handle: { dark: true, full: true },
    lazy: async () => ({ Component: (await import('./read/ReadPage')).ReadPage }),
  },
]
