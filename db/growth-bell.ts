import type { StoreLogger } from './engine.ts'

/** Tells listeners that the vote log has grown. Many appends at once ring once. */
export class GrowthBell {
  readonly #logger: StoreLogger
  readonly #listeners = new Set<() => void>()
  #isRinging = false

  constructor(logger: StoreLogger) {
    this.#logger = logger
  }

  get hasListeners(): boolean {
    return this.#listeners.size > 0
  }

  listen(listener: () => void): () => void {
    // Wrapped, so that one function that listens twice is two listeners.
    const entry = () => listener()
    this.#listeners.add(entry)
    return () => this.#listeners.delete(entry)
  }

  ring(): void {
    if (this.#isRinging || !this.hasListeners) return
    this.#isRinging = true
    setImmediate(() => {
      this.#isRinging = false
      for (const listener of this.#listeners) this.#tell(listener)
    })
  }

  #tell(listener: () => void): void {
    try {
      listener()
    } catch (error) {
      this.#logger.error({ err: error }, 'a listener of the vote log failed')
    }
  }
}
