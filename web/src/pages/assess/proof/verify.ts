/** The whole chain from an entry's bytes to the signed checkpoint, step by step. */
import { fromHex, leafHash, rootOfInclusion, same } from './merkle'
import { checkSignature, parseCheckpoint, parseKey, parseNote, utf8 } from './note'

export type StepName = 'content' | 'path' | 'signature'
export type StepState = 'good' | 'bad' | 'unsupported'

export interface Step {
  name: StepName
  state: StepState
}

export interface Verification {
  /** verified: every step is good; partly: something could not be checked here; failed: something is wrong */
  verdict: 'verified' | 'partly' | 'failed'
  steps: Step[]
}

export interface Sealed {
  /** the hashed bytes of the entry, as text */
  canonical: string
  /** hex of the leaf hash that the server states */
  leafHash: string
  index: number
  /** size of the tree that the proof is for */
  size: number
  /** hex, leaf first */
  proof: readonly string[]
  /** signed note */
  checkpoint: string
  /** the log's key as text */
  key: string
}

export function canVerify(): boolean {
  return typeof crypto !== 'undefined' && 'subtle' in crypto
}

async function checkContent(sealed: Sealed): Promise<StepState> {
  const stated = fromHex(sealed.leafHash)
  const computed = await leafHash(utf8(sealed.canonical))
  return stated && same(stated, computed) ? 'good' : 'bad'
}

async function checkPath(sealed: Sealed): Promise<StepState> {
  const note = parseNote(sealed.checkpoint)
  const checkpoint = note && parseCheckpoint(note.text)
  const proof = sealed.proof.map(fromHex)
  if (!checkpoint || checkpoint.size !== sealed.size) return 'bad'
  const nodes = proof.filter((node) => node !== null)
  if (nodes.length !== proof.length) return 'bad'
  // From the content itself, not from the stated hash: a wrong statement must not carry the proof.
  const root = await rootOfInclusion(await leafHash(utf8(sealed.canonical)), sealed.index, sealed.size, nodes)
  return root && same(root, checkpoint.root) ? 'good' : 'bad'
}

async function checkSigned(sealed: Sealed): Promise<StepState> {
  const note = parseNote(sealed.checkpoint)
  const key = await parseKey(sealed.key)
  return note && key ? checkSignature(note, key) : 'bad'
}

/** Recompute everything from the bytes of the entry. Never throws. */
export async function verifySealed(sealed: Sealed): Promise<Verification> {
  const checks: [StepName, (sealed: Sealed) => Promise<StepState>][] = [
    ['content', checkContent],
    ['path', checkPath],
    ['signature', checkSigned],
  ]
  const steps: Step[] = []
  for (const [name, check] of checks) {
    const state = canVerify() ? await check(sealed).catch((): StepState => 'bad') : 'unsupported'
    steps.push({ name, state })
  }
  const states = steps.map((step) => step.state)
  const verdict = states.includes('bad') ? 'failed' : states.includes('unsupported') ? 'partly' : 'verified'
  return { verdict, steps }
}
