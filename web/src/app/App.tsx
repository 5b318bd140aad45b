import { QueryClientProvider } from '@tanstack/react-query'
import { useState } from 'react'
import { RouterProvider } from 'react-router'
import { createQueryClient } from '@/api/query'
import { onSessionChange, getSession } from '@/api/session'
import { router } from './router'

function createClient() {
  const client = createQueryClient()
  // Nothing that one person saw may be shown to the next one at the same computer.
  let person = ''
  onSessionChange(() => {
    const session = getSession()
    const next = session.state === 'in' ? session.person.id : ''
    if (person && next !== person) client.clear()
    person = next
  })
  return client
}

export function App() {
  const [client] = useState(createClient)
  return (
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  )
}
