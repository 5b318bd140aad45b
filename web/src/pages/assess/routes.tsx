import type { RouteObject } from 'react-router'

export const routes: RouteObject[] = [
  {
    path: '/assess/entries',
    lazy: async () => ({ Component: (await import('./entries/EntriesPage')).EntriesPage }),
  },
  {
    path: '/assess/entries/:entryId',
    lazy: async () => ({ Component: (await import('./entry/EntryPage')).EntryPage }),
  },
]
