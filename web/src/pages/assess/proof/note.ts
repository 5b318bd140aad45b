/** Signed notes and checkpoints of the ledger (c2sp.org/signed-note, c2sp.org/tlog-checkpoint), Ed25519. */
import { concat, same, sha256, type Bytes } from './merkle'

const ED25519 = 1

export interface Checkpoint {
  origin: string
  size: number
  root: Bytes
  /** time stated by the log, informative; '' when it states none */
  at: string
}

export interface Note {
  text: string
  signatures: { name: string; blob: Bytes }[]
}

export interface LogKey {
  name: string
  id: Bytes
  key: Bytes
}

export type Signed = 'good' | 'bad' | 'unsupported'

export function fromBase64(text: string): Bytes | null {
  try {
    const raw = atob(text)
    return btoa(raw) === text ? Uint8Array.from(raw, (letter) => letter.charCodeAt(0)) : null
  } catch {
    return null
  }
}

export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text)
}

export function parseNote(note: string): Note | null {
  const border = note.lastIndexOf('\n\n')
  if (border < 0 || !note.endsWith('\n')) return null
  const signatures: Note['signatures'] = []
  for (const line of note.slice(border + 2, -1).split('\n')) {
    const [dash, name, encoded, ...rest] = line.split(' ')
    const blob = fromBase64(encoded ?? '')
    if (dash !== '—' || !name || !blob || blob.length < 5 || rest.length > 0) return null
    signatures.push({ name, blob })
  }
  return { text: note.slice(0, border + 1), signatures }
}

export function parseCheckpoint(text: string): Checkpoint | null {
  const lines = text.split('\n')
  const [origin, size, encoded] = lines
  if (!origin || !size || !encoded || lines.at(-1) !== '' || !/^(0|[1-9][0-9]{0,15})$/.test(size)) return null
  const root = fromBase64(encoded)
  if (root?.length !== 32) return null
  const at = lines.slice(3).find((line) => line.startsWith('at '))
  return { origin, size: Number(size), root, at: at ? at.slice(3) : '' }
}

/** Id of a key: the first 4 bytes of SHA-256(name ‖ LF ‖ type ‖ key). */
async function idOf(name: string, typed: Bytes): Promise<Bytes> {
  return (await sha256(concat(utf8(`${name}\n`), typed))).slice(0, 4)
}

/** A key written `name+id+base64(type ‖ key)`; null when it is malformed or its id is not its own. */
export async function parseKey(text: string): Promise<LogKey | null> {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text.trim())
  const [, name, , encoded] = match ?? []
  const typed = fromBase64(encoded ?? '')
  if (!name || typed?.length !== 33 || typed[0] !== ED25519) return null
  const id = await idOf(name, typed)
  const stated = match?.[2] ?? ''
  const hex = Array.from(id, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex === stated ? { name, id, key: typed.slice(1) } : null
}

/** Whether the key signed the note. Older browsers have no Ed25519; then nothing is claimed. */
export async function checkSignature(note: Note, key: LogKey): Promise<Signed> {
  const signature = note.signatures.find((each) => each.name === key.name && same(each.blob.slice(0, 4), key.id))
  if (!signature) return 'bad'
  let imported: CryptoKey
  try {
    imported = await crypto.subtle.importKey('raw', key.key, { name: 'Ed25519' }, false, ['verify'])
  } catch {
    return 'unsupported'
  }
  const good = await crypto.subtle.verify({ name: 'Ed25519' }, imported, signature.blob.slice(4), utf8(note.text))
  return good ? 'good' : 'bad'
}
