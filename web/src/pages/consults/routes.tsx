import type { RouteObject } from 'react-router'

export const routes: RouteObject[] = [
  { path: '/consults', lazy: async () => ({ Component: (await import('./list/ConsultsPage')).ConsultsPage }) },
  { path: '/consults/new', lazy: async () => ({ Component: (await import('./new/NewConsultPage')).NewConsultPage }) },
  { path: '/consults/:id', lazy: async () => ({ Component: (await import('./detail/ConsultPage')).ConsultPage }) },
  {
    path: '/room/consult/:id',
    handle: { dark: true, full: true },
    lazy: async () => ({ Component: (await import('./room/ConsultRoomPage')).ConsultRoomPage }),
  },
]
