import type { RouteObject } from 'react-router'

export const routes: RouteObject[] = [
  {
    path: '/replay/:id',
    handle: { dark: true },
    lazy: async () => ({ Component: (await import('./ReplayPage')).ReplayPage }),
  },
]
