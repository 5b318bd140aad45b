import { createBrowserRouter } from 'react-router'
import { routes as assess } from '@/pages/assess/routes'
import { routes as consults } from '@/pages/consults/routes'
import { routes as home } from '@/pages/home/routes'
import { routes as lectures } from '@/pages/lectures/routes'
import { routes as login } from '@/pages/login/routes'
import { routes as reads } from '@/pages/reads/routes'
import { routes as replay } from '@/pages/replay/routes'
import { BrokenPage, MissingPage } from './BrokenPage'
import { Gate } from './Gate'
import { Loading } from '@/ui'
import { Root } from './Root'

/**
 * A route says by its handle how it is shown: `dark` for reading pages, `full` when the page takes the whole
 * window (no navigation, no margins).
 */
export const router = createBrowserRouter([
  {
    element: <Root />,
    hydrateFallbackElement: <Loading />,
    errorElement: <BrokenPage />,
    children: [
      ...login,
      {
        element: <Gate />,
        children: [
          {
            lazy: async () => ({ Component: (await import('./Office')).Office }),
            children: [
              {
                errorElement: <BrokenPage />,
                children: [
                  ...home,
                  ...reads,
                  ...consults,
                  ...lectures,
                  ...replay,
                  ...assess,
                  { path: '*', element: <MissingPage /> },
                ],
              },
            ],
          },
        ],
      },
    ],
  },
])
