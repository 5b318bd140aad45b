// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DraftKeeper } from './draftKeeper'

interface Call {
  version: number
  content: string
  done: (version: number) => void
  fail: (error: Error) => void
}

function keeper(version = 0) {
  const calls: Call[] = []
  const made = new DraftKeeper<string>({
    version,
    content: '',
    save: (at, content) =>
      new Promise((resolve, reject) => {
        calls.push({ version: at, content, done: resolve, fail: reject })
      }),
    isConflict: (error) => error instanceof Error && error.message === 'conflict',
    quiet: 1000,
    now: () => 5,
  })
  return { made, calls }
}

const settle = () => vi.advanceTimersByTimeAsync(0)

describe('a draft', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  it('is saved once after a second of quiet', async () => {
    const { made, calls } = keeper()
    made.change('a')
    await vi.advanceTimersByTimeAsync(600)
    made.change('ab')
    await vi.advanceTimersByTimeAsync(600)
    expect(calls).toHaveLength(0)
    await vi.advanceTimersByTimeAsync(400)
    expect(calls.map((call) => [call.version, call.content])).toEqual([[0, 'ab']])
    calls[0]?.done(1)
    await settle()
    expect(made.get()).toMatchObject({ content: 'ab', version: 1, state: 'saved', savedAt: 5 })
  })

  it('keeps what is typed while a save is under way, and saves it next over the new version', async () => {
    const { made, calls } = keeper()
    made.change('a')
    const first = made.flush()
    await settle()
    made.change('ab')
    calls[0]?.done(1)
    await settle()
    expect(calls.map((call) => [call.version, call.content])).toEqual([
      [0, 'a'],
      [1, 'ab'],
    ])
    calls[1]?.done(2)
    expect(await first).toBe(2)
    expect(made.get()).toMatchObject({ content: 'ab', version: 2, state: 'saved' })
  })

  it('never runs two saves at once', async () => {
    const { made, calls } = keeper()
    made.change('a')
    const flushes = [made.flush(), made.flush(), made.flush()]
    await settle()
    expect(calls).toHaveLength(1)
    calls[0]?.done(1)
    expect(await Promise.all(flushes)).toEqual([1, 1, 1])
    expect(calls).toHaveLength(1)
  })

  it('has nothing to save when nothing changed, unless there is no version to sign', async () => {
    const { made, calls } = keeper()
    expect(await made.flush()).toBe(0)
    const signing = made.flush(true)
    await settle()
    calls[0]?.done(1)
    expect(await signing).toBe(1)
    const later = keeper(3)
    expect(await later.made.flush(true)).toBe(3)
    expect(later.calls).toHaveLength(0)
  })

  it('tries again by itself after a failure, but not after it was stopped', async () => {
    const { made, calls } = keeper()
    made.change('a')
    await vi.advanceTimersByTimeAsync(1000)
    calls[0]?.fail(new Error('offline'))
    await settle()
    expect(made.get().state).toBe('failed')
    await vi.advanceTimersByTimeAsync(4000)
    expect(calls.map((call) => call.content)).toEqual(['a', 'a'])
    made.stop()
    calls[1]?.fail(new Error('offline'))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(calls).toHaveLength(2)
  })

  it('says that a save failed and tries again with the next change', async () => {
    const { made, calls } = keeper()
    made.change('a')
    const failing = made.flush()
    const refused = expect(failing).rejects.toThrow('offline')
    await settle()
    calls[0]?.fail(new Error('offline'))
    await refused
    expect(made.get().state).toBe('failed')
    made.change('ab')
    await vi.advanceTimersByTimeAsync(1000)
    calls[1]?.done(1)
    await settle()
    expect(made.get()).toMatchObject({ content: 'ab', version: 1, state: 'saved' })
  })

  it('stops saving over what somebody else saved, and keeps the text', async () => {
    const { made, calls } = keeper(1)
    made.change('mine')
    const refused = expect(made.flush()).rejects.toThrow('conflict')
    await settle()
    calls[0]?.fail(new Error('conflict'))
    await refused
    made.change('mine, longer')
    await vi.advanceTimersByTimeAsync(5000)
    expect(calls).toHaveLength(1)
    expect(made.get()).toMatchObject({ content: 'mine, longer', state: 'conflict' })
  })

  it('saves nothing more after it was stopped', async () => {
    const { made, calls } = keeper()
    made.change('a')
    made.stop()
    await vi.advanceTimersByTimeAsync(5000)
    expect(calls).toHaveLength(0)
  })
})
