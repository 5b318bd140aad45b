/**
 * First letters of Chinese words ("窦性心律" → "dxxl"), for finding a template while the hands stay on the keys.
 * Chinese collation sorts by pinyin, so a character's letter is that of the last landmark not after it.
 */

/** The first common character of each initial letter in pinyin order; no syllable begins with i, u or v. */
const LANDMARKS = '阿八嚓哒妸发旮哈讥咔垃妈拏噢妑七呥仨它穵夕丫帀'
const LETTERS = 'abcdefghjklmnopqrstwxyz'
const collator = new Intl.Collator('zh-Hans-CN-u-co-pinyin')
/** Characters with several readings, as cardiologists read them: 延长 is cháng. */
const READ_AS: Record<string, string> = { 长: 'c', 率: 'l', 调: 't' }
const HAN = /^\p{Script=Han}$/u

function initialOf(character: string): string {
  if (!HAN.test(character)) return character.toLowerCase()
  const known = READ_AS[character]
  if (known) return known
  let found = ''
  for (const [place, landmark] of Array.from(LANDMARKS).entries()) {
    if (collator.compare(landmark, character) > 0) break
    found = LETTERS[place] ?? ''
  }
  return found
}

/** Lower-case letters, digits and pinyin initials; everything else is left out. */
export function initials(text: string): string {
  return Array.from(text, initialOf)
    .join('')
    .replace(/[^a-z0-9]/g, '')
}

/** How well words fit what was typed: 0 exact start, 1 inside, 2 by initials; null when they do not. */
export function fit(words: readonly string[], typed: string): number | null {
  const wanted = typed.trim().toLowerCase()
  if (!wanted) return 0
  let best: number | null = null
  for (const word of words) {
    const lower = word.toLowerCase()
    const first = initials(word)
    const rank = lower.startsWith(wanted)
      ? 0
      : lower.includes(wanted) || first.startsWith(wanted)
        ? 1
        : first.includes(wanted)
          ? 2
          : null
    if (rank !== null && (best === null || rank < best)) best = rank
  }
  return best
}

/** Those that fit, best first, otherwise in the given order. */
export function search<Item>(
  items: readonly Item[],
  wordsOf: (item: Item) => readonly string[],
  typed: string,
): Item[] {
  return items
    .map((item, place) => ({ item, place, rank: fit(wordsOf(item), typed) }))
    .filter((found) => found.rank !== null)
    .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0) || a.place - b.place)
    .map((found) => found.item)
}
