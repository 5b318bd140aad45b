import { expect, it } from 'vitest'
import { navigationFor } from './nav'

it('shows each role its own doors', () => {
  const doors = (role: Parameters<typeof navigationFor>[0][number]) =>
    navigationFor([role]).map((item) => item.to)
  expect(doors('rural_doctor')).toEqual(['/', '/reads', '/consults', '/lectures'])
  expect(doors('assessor')).toEqual(['/', '/assess/entries', '/assess/score'])
  expect(doors('administrator')).toEqual(['/'])
})

it('names a door once for a person with several roles', () => {
  const doors = navigationFor(['rural_doctor', 'specialist', 'lecturer']).map((item) => item.to)
  expect(doors).toEqual([...new Set(doors)])
})
