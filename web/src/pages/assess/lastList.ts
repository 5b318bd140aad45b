/** The list as it was last shown, so that "back" from an entry keeps its filters. For this tab only. */
let last = ''

export function rememberList(search: string): void {
  last = search
}

export function lastListAddress(): string {
  return `/assess/entries${last}`
}
