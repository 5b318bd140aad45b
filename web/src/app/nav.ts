import type { Role } from '@/api/types'

export interface NavItem {
  to: string
  /** key under nav. in the common words */
  word: string
  icon: string
  roles: readonly Role[] | 'all'
}

const ITEMS: readonly NavItem[] = [
  { to: '/', word: 'home', icon: 'home', roles: 'all' },
  { to: '/reads', word: 'reads', icon: 'reads', roles: ['rural_doctor', 'specialist'] },
  { to: '/consults', word: 'consults', icon: 'consults', roles: ['rural_doctor', 'specialist', 'coordinator'] },
  {
    to: '/lectures',
    word: 'lectures',
    icon: 'lectures',
    roles: ['rural_doctor', 'specialist', 'coordinator', 'lecturer', 'learner'],
  },
  {
    to: '/assess/entries',
    word: 'entries',
    icon: 'entries',
    roles: ['coordinator', 'assessor', 'authority'],
  },
  { to: '/assess/score', word: 'score', icon: 'score', roles: ['coordinator', 'assessor', 'authority'] },
]

/** Where a person with these roles can go, in order. */
export function navigationFor(roles: readonly Role[]): NavItem[] {
  return ITEMS.filter((item) => item.roles === 'all' || item.roles.some((role) => roles.includes(role)))
}
