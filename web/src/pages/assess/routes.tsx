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
  {
    path: '/assess/score',
    lazy: async () => ({ Component: (await import('./score/SubjectsPage')).SubjectsPage }),
  },
  {
    path: '/assess/score/:agreementId',
    lazy: async () => ({ Component: (await import('./score/ScorePage')).ScorePage }),
  },
  {
    path: '/assess/score/:agreementId/:indicatorId',
    lazy: async () => ({ Component: (await import('./score/IndicatorPage')).IndicatorPage }),
  },
]
