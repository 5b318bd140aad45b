import type { RouteObject } from 'react-router'

export const routes: RouteObject[] = [
  { path: '/lectures', lazy: async () => ({ Component: (await import('./list/LecturesPage')).LecturesPage }) },
  { path: '/lectures/new', lazy: async () => ({ Component: (await import('./new/NewLecturePage')).NewLecturePage }) },
  { path: '/lectures/:id', lazy: async () => ({ Component: (await import('./detail/LecturePage')).LecturePage }) },
  {
    path: '/room/lecture/:id',
    handle: { dark: true, full: true },
    lazy: async () => ({ Component: (await import('./room/LectureRoomPage')).LectureRoomPage }),
  },
]
