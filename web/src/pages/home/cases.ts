import type { ConsultRow, ReadRow } from './data'

/** One line of "my cases": a read or a consult, in the order in which it wants attention. */
export type Case = { kind: 'read'; read: ReadRow } | { kind: 'consult'; consult: ConsultRow }

/** 0 critical · 1 can be joined or must be answered · 2 unread · 3 a clock runs · 4 the rest */
export function rankOf(each: Case, now: number): number {
  if (each.kind === 'read') {
    if (each.read.critical_open) return 0
    if (each.read.state === 'returned') return 1
    if (each.read.unread) return 2
    return each.read.due_at ? 3 : 4
  }
  if (isOpen(each.consult, now) || each.consult.state === 'needs_information') return 1
  if (each.consult.state === 'signed' || each.consult.state === 'filed_back') return 2
  return each.consult.starts_at ? 3 : 4
}

/** Whether the room of a consult lets people in. Milliseconds. */
export function isOpen(consult: ConsultRow, now: number): boolean {
  if (!consult.actions.includes('join') || !consult.opens_at || !consult.closes_at) return false
  return Date.parse(consult.opens_at) <= now && now < Date.parse(consult.closes_at)
}

function dueOf(each: Case): number {
  const due = each.kind === 'read' ? each.read.due_at : each.consult.starts_at
  return due ? Date.parse(due) : Number.MAX_SAFE_INTEGER
}

export function casesOf(reads: readonly ReadRow[], consults: readonly ConsultRow[], now: number): Case[] {
  const all: Case[] = [
    ...reads.map((read) => ({ kind: 'read', read }) as const),
    ...consults.map((consult) => ({ kind: 'consult', consult }) as const),
  ]
  return all.sort((a, b) => rankOf(a, now) - rankOf(b, now) || dueOf(a) - dueOf(b))
}

/** Share of a year that has passed, 0 to 1. */
export function yearShare(now: Date): number {
  const start = Date.UTC(now.getUTCFullYear(), 0, 1)
  const end = Date.UTC(now.getUTCFullYear() + 1, 0, 1)
  return (now.getTime() - start) / (end - start)
}
