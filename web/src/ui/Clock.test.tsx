import { expect, it } from 'vitest'
import { clockText } from '@/i18n/useFormat'
import { urgencyOf } from './Clock'

it('writes durations with leading zeros and hours only when there are any', () => {
  expect([0, 59, 252, 3599, 3600, 45_296].map(clockText)).toEqual([
    '00:00',
    '00:59',
    '04:12',
    '59:59',
    '1:00:00',
    '12:34:56',
  ])
})

it('is overdue only after the deadline and soon up to and including the threshold', () => {
  expect([301, 300, 0, -1].map((seconds) => urgencyOf(seconds, 300))).toEqual(['calm', 'soon', 'soon', 'overdue'])
})
