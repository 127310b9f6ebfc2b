import type { Writable } from 'node:stream'

/**
 * Where bytes go. They belong to the target until the next call of it has resolved: whoever writes fills one buffer
 * while the other is on its way.
 */
export interface ByteTarget {
  write(bytes: Uint8Array): Promise<void>
  end(): Promise<void>
}

/** A stream of somebody else, which stays open: standard output, or an answer over HTTP. */
export class StreamTarget implements ByteTarget {
  readonly #stream: Writable

  constructor(stream: Writable) {
    this.#stream = stream
    stream.on('error', ignore)
  }

  write(bytes: Uint8Array): Promise<void> {
    return writeThrough(this.#stream, bytes)
  }

  async end(): Promise<void> {
    this.#stream.off('error', ignore)
  }
}

/** Failures are told to whoever writes; without a listener they would end the process too. */
function ignore(): void {}

/** Resolves when the stream has done with the bytes, fails when it never will. */
export function writeThrough(stream: Writable, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    if (stream.destroyed) return reject(stream.errored ?? new Error('the reader has gone away'))
    const gone = () => reject(stream.errored ?? new Error('the reader has gone away'))
    stream.once('close', gone)
    stream.write(bytes, (error) => {
      stream.off('close', gone)
      if (error) reject(error)
      else resolve()
    })
  })
}
