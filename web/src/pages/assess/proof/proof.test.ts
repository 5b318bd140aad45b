// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { fromHex, leafHash, nodeHash, rootOfInclusion, toHex, type Bytes } from './merkle'
import { checkSignature, parseCheckpoint, parseKey, parseNote } from './note'
import { verifySealed, type Sealed } from './verify'

/** The reference tree of the RFC 6962 implementations: eight inputs and the root of each size. */
const INPUTS = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
]
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const PATHS: [number, number, string[]][] = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  [
    1,
    5,
    [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
]
const NOTE =
  'duikou.example/log\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\nat 2026-11-23T06:00:00Z\n\n' +
  '— duikou.example/log yM4t19KjhcTvSrzxVks4L+Bs0G9r5X7i8xzPDvfwDLzH5/O80SC6jmVv4Nj4vgyP3D5yM03N9JO0xCvKpwwrkvtacgM=\n'
const KEY = 'duikou.example/log+c8ce2dd7+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4'

function hex(text: string): Bytes {
  const bytes = fromHex(text)
  if (!bytes) throw new Error('not hex')
  return bytes
}

/** MTH of RFC 6962 2.1, straight from its definition. */
async function treeHash(leaves: Bytes[]): Promise<Bytes> {
  const [only] = leaves
  if (leaves.length === 1 && only) return only
  let half = 1
  while (half * 2 < leaves.length) half *= 2
  return nodeHash(await treeHash(leaves.slice(0, half)), await treeHash(leaves.slice(half)))
}

async function pathOf(index: number, leaves: Bytes[]): Promise<Bytes[]> {
  if (leaves.length === 1) return []
  let half = 1
  while (half * 2 < leaves.length) half *= 2
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)]
  return index < half
    ? [...(await pathOf(index, left)), await treeHash(right)]
    : [...(await pathOf(index - half, right)), await treeHash(left)]
}

const leaves = () => Promise.all(INPUTS.map((input) => leafHash(hex(input))))

describe('inclusion proofs', () => {
  it('hashes leaves and nodes as RFC 6962 does', async () => {
    const hashes = await leaves()
    for (const [size, root] of ROOTS.entries())
      expect(toHex(await treeHash(hashes.slice(0, size + 1)))).toBe(root)
  })

  it.each(PATHS)('leads from leaf %i of %i to the known root', async (index, size, path) => {
    const leaf = (await leaves())[index]
    if (!leaf) throw new Error('no leaf')
    const root = await rootOfInclusion(leaf, index, size, path.map(hex))
    expect(root && toHex(root)).toBe(ROOTS[size - 1])
  })

  it('holds for every place of every size up to 40, and for no other place', async () => {
    const many = await Promise.all(Array.from({ length: 40 }, (_, n) => leafHash(Uint8Array.of(n))))
    for (let size = 1; size <= 40; size += 3) {
      const some = many.slice(0, size)
      const root = toHex(await treeHash(some))
      for (const [index, leaf] of some.entries()) {
        const path = await pathOf(index, some)
        const found = await rootOfInclusion(leaf, index, size, path)
        expect(found && toHex(found)).toBe(root)
        const moved = await rootOfInclusion(leaf, (index + 1) % size, size, path)
        if (size > 1) expect(moved && toHex(moved)).not.toBe(root)
      }
    }
  })

  it('refuses proofs of a wrong shape', async () => {
    const leaf = await leafHash(hex('00'))
    expect(await rootOfInclusion(leaf, 0, 1, [leaf])).toBeNull()
    expect(await rootOfInclusion(leaf, 0, 2, [])).toBeNull()
    expect(await rootOfInclusion(leaf, 2, 2, [leaf])).toBeNull()
    expect(await rootOfInclusion(leaf, 0.5, 2, [leaf])).toBeNull()
    expect(await rootOfInclusion(leaf, 0, 2, [leaf.slice(1)])).toBeNull()
  })
})

describe('signed checkpoints', () => {
  it('are read', () => {
    const note = parseNote(NOTE)
    const checkpoint = note && parseCheckpoint(note.text)
    expect(checkpoint).toMatchObject({ origin: 'duikou.example/log', size: 8, at: '2026-11-23T06:00:00Z' })
    expect(checkpoint && toHex(checkpoint.root)).toBe(ROOTS[7])
  })

  it('are good under the key that signed them and bad otherwise', async () => {
    const note = parseNote(NOTE)
    const key = await parseKey(KEY)
    if (!note || !key) throw new Error('not read')
    expect(await checkSignature(note, key)).toBe('good')
    expect(await checkSignature({ ...note, text: note.text.replace('\n8\n', '\n9\n') }, key)).toBe('bad')
    expect(await checkSignature(note, { ...key, name: 'other' })).toBe('bad')
  })

  it('are refused when malformed', async () => {
    expect(parseNote('no signature\n')).toBeNull()
    expect(parseNote('text\n\n- name AAAAAAAA\n')).toBeNull()
    expect(parseCheckpoint('origin\n08\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n')).toBeNull()
    expect(parseCheckpoint('origin\n8\nAAAA\n')).toBeNull()
    expect(await parseKey(KEY.replace('c8ce2dd7', 'c8ce2dd8'))).toBeNull()
  })
})

describe('the whole chain', () => {
  // Input 5, "@ABC", is text and so can be an entry's content.
  const sealed = async (): Promise<Sealed> => ({
    canonical: '@ABC',
    leafHash: toHex(await leafHash(hex('40414243'))),
    index: 5,
    size: 8,
    proof: PATHS[2]?.[2] ?? [],
    checkpoint: NOTE,
    key: KEY,
  })
  const states = async (change: Partial<Sealed>) => {
    const result = await verifySealed({ ...(await sealed()), ...change })
    return [result.verdict, ...result.steps.map((step) => step.state)]
  }

  it('is verified', async () => {
    expect(await states({})).toEqual(['verified', 'good', 'good', 'good'])
  })

  it.each<[string, Partial<Sealed>, string[]]>([
    ['a changed byte', { canonical: '@ABD' }, ['failed', 'bad', 'bad', 'good']],
    ['another stated hash', { leafHash: '00'.repeat(32) }, ['failed', 'bad', 'good', 'good']],
    ['another place', { index: 4 }, ['failed', 'good', 'bad', 'good']],
    ['another size', { size: 7 }, ['failed', 'good', 'bad', 'good']],
    ['a proof that is not hex', { proof: ['zz', 'zz', 'zz'] }, ['failed', 'good', 'bad', 'good']],
    ['a note that is not one', { checkpoint: '8' }, ['failed', 'good', 'bad', 'bad']],
    ['another key', { key: 'x+00000000+AAAA' }, ['failed', 'good', 'good', 'bad']],
    ['another kind of key', { key: KEY.replace('+AQ', '+Ag') }, ['failed', 'good', 'good', 'bad']],
  ])('fails for %s', async (_name, change, expected) => {
    expect(await states(change)).toEqual(expected)
  })
})
