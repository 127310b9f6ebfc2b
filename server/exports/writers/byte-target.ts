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
    if (!this.#stream.write(bytes)) await waitForDrain(this.#stream)
  }

  async end(): Promise<void> {
    this.#stream.off('error', this.#fail)
    if (this.#failure) throw this.#failure
  }

  readonly #fail = (error: Error) => {
    this.#failure ??= error
  }
}

/** Resolves when a stream takes more, fails when it never will. Leaves no listener behind. */
export function waitForDrain(stream: Writable): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: () => void) => () => {
      stream.off('drain', drained)
      stream.off('close', closed)
      outcome()
    }
    const drained = settle(resolve)
    const closed = settle(() => reject(stream.errored ?? new Error('the reader has gone away')))
    stream.once('drain', drained)
    stream.once('close', closed)
  })
}
