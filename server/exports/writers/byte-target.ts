import { once } from 'node:events'
import type { Writable } from 'node:stream'

/** Where bytes go. A write resolves when more can be taken. */
export interface ByteTarget {
  write(bytes: Uint8Array): Promise<void>
  end(): Promise<void>
}

/** A stream of somebody else, which stays open: standard output, or an answer over HTTP. */
export class StreamTarget implements ByteTarget {
  readonly #stream: Writable
  #failure: Error | undefined

  constructor(stream: Writable) {
    this.#stream = stream
    stream.on('error', this.#fail)
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#failure) throw this.#failure
    if (this.#stream.destroyed) throw new Error('the reader has gone away')
    if (this.#stream.write(bytes)) return
    const closed = once(this.#stream, 'close').then(() => {
      throw this.#failure ?? new Error('the reader has gone away')
    })
    const drained = once(this.#stream, 'drain')
    closed.catch(() => undefined)
    drained.catch(() => undefined)
    await Promise.race([drained, closed])
  }

  async end(): Promise<void> {
    this.#stream.off('error', this.#fail)
    if (this.#failure) throw this.#failure
  }

  readonly #fail = (error: Error) => {
    this.#failure ??= error
  }
}
