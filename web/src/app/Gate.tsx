import { Navigate, Outlet, useLocation } from 'react-router'
import { useLiveUpdates } from '@/api/live'
import { refresh, useSession } from '@/api/session'
import { ErrorState, Loading } from '@/ui'

/** Lets only logged-in people through; others go to the log-in page and come back. */
export function Gate() {
  const session = useSession()
  const location = useLocation()
  useLiveUpdates()
  if (session.state === 'unknown') return <Loading />
  if (session.state === 'unreachable')
    return (
      <main>
        <ErrorState error={session.error} retry={() => void refresh()} />
      </main>
    )
  if (session.state === 'out') {
    const next = location.pathname + location.search
    return <Navigate to={next === '/' ? '/login' : `/login?next=${encodeURIComponent(next)}`} replace />
  }
  return <Outlet />
}
