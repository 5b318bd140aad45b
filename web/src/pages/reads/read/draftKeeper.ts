/** Saves what is being written, one save at a time, always the newest text, and says how that stands. */

export type SaveState = 'saved' | 'waiting' | 'saving' | 'failed' | 'conflict'

export interface Kept<Content> {
  content: Content
  /** version on the server of what was saved last; 0 when nothing was */
  version: number
  state: SaveState
  savedAt: number | null
  error: unknown
}

interface Options<Content> {
  version: number
  content: Content
  /** stores the content over `version`; answers the new version */
  save: (version: number, content: Content) => Promise<number>
  /** whether a failure means that somebody else saved another version */
  isConflict: (error: unknown) => boolean
  /** milliseconds of quiet after which is saved */
  quiet: number
  now: () => number
}

/** Times the quiet that a failed save waits before it is tried again. */
const RETRY = 4

export class DraftKeeper<Content> {
  private kept: Kept<Content>
  private timer: ReturnType<typeof setTimeout> | undefined
  private running: Promise<void> | null = null
  private unsaved = false
  private stopped = false
  private readonly watchers = new Set<() => void>()
  private readonly options: Options<Content>

  constructor(options: Options<Content>) {
    this.options = options
    const { content, version } = options
    this.kept = { content, version, state: 'saved', savedAt: null, error: null }
  }

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }

  readonly get = (): Kept<Content> => this.kept

  change(content: Content): void {
    this.unsaved = true
    this.set({ content, ...(this.kept.state === 'conflict' ? {} : { state: 'waiting' as const }) })
    this.saveIn(this.options.quiet)
  }

  /**
   * Save now what is not saved yet; answers the version that holds the present content. `always` saves even when
   * nothing was changed and no version exists. Throws what the save threw.
   */
  async flush(always = false): Promise<number> {
    clearTimeout(this.timer)
    while (this.running) await this.running
    if (this.kept.state === 'conflict') throw this.kept.error
    if (!this.unsaved && !(always && this.kept.version === 0)) return this.kept.version
    this.running = this.saveOnce()
    try {
      await this.running
    } finally {
      this.running = null
    }
    return this.unsaved ? this.flush() : this.kept.version
  }

  /** React mounts twice while developing: what was stopped begins again. */
  start(): void {
    this.stopped = false
  }

  stop(): void {
    this.stopped = true
    clearTimeout(this.timer)
  }

  private async saveOnce(): Promise<void> {
    const { content, version } = this.kept
    this.unsaved = false
    this.set({ state: 'saving' })
    try {
      const next = await this.options.save(version, content)
      const state = this.hasMore() ? 'waiting' : 'saved'
      this.set({ version: next, state, savedAt: this.options.now(), error: null })
    } catch (error) {
      this.unsaved = true
      const conflict = this.options.isConflict(error)
      this.set({ state: conflict ? 'conflict' : 'failed', error })
      // A line that dropped comes back; what somebody else saved does not go away.
      if (!conflict && !this.stopped) this.saveIn(this.options.quiet * RETRY)
      throw error
    }
  }

  private saveIn(milliseconds: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.flush().catch(() => undefined), milliseconds)
  }

  /** Whether something was typed while the save was under way. */
  private hasMore(): boolean {
    return this.unsaved
  }

  private set(changes: Partial<Kept<Content>>): void {
    this.kept = { ...this.kept, ...changes }
    for (const watcher of this.watchers) watcher()
  }
}
