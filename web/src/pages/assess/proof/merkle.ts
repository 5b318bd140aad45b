/**
 * Inclusion proofs of the ledger, checked in the browser: RFC 6962 hashing, verification as RFC 9162 2.1.3.2
 * spells it out. Indices and sizes are plain numbers below 2^53, so no bit operators.
 */

export type Bytes = Uint8Array<ArrayBuffer>

export function fromHex(text: string): Bytes | null {
  if (!/^([0-9a-f]{2})*$/i.test(text)) return null
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

export function toHex(bytes: Bytes): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function same(a: Bytes, b: Bytes): boolean {
  return a.length === b.length && a.every((byte, place) => byte === b[place])
}

export function concat(...parts: Bytes[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let place = 0
  for (const part of parts) {
    all.set(part, place)
    place += part.length
  }
  return all
}

export async function sha256(data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', data))
}

/** SHA-256(0x00 ‖ entry). */
export function leafHash(entry: Bytes): Promise<Bytes> {
  return sha256(concat(Uint8Array.of(0), entry))
}

/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Bytes, right: Bytes): Promise<Bytes> {
  return sha256(concat(Uint8Array.of(1), left, right))
}

/**
 * The root that a proof leads to from `leaf` at `index` in a tree of `size`; null when the proof has a wrong
 * shape for that place.
 */
export async function rootOfInclusion(
  leaf: Bytes,
  index: number,
  size: number,
  proof: readonly Bytes[],
): Promise<Bytes | null> {
  const wholeNumbers = Number.isSafeInteger(index) && Number.isSafeInteger(size)
  if (!wholeNumbers || index < 0 || index >= size || proof.some((node) => node.length !== 32)) return null
  let place = index
  let last = size - 1
  let node = leaf
  const up = () => {
    place = Math.floor(place / 2)
    last = Math.floor(last / 2)
  }
  for (const sibling of proof) {
    if (last === 0) return null
    if (place % 2 === 1 || place === last) {
      node = await nodeHash(sibling, node)
      while (place % 2 === 0 && place !== 0) up()
    } else {
      node = await nodeHash(node, sibling)
    }
    up()
  }
  return last === 0 ? node : null
}
