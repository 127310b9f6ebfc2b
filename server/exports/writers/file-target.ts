import { createHash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import type { ByteTarget } from './byte-target.ts'

/** A new file, hashed while it is written. */
export class FileTarget implements ByteTarget {
  readonly #file: FileHandle
  readonly #hash = createHash('sha256')
  #sizeBytes = 0
  #digest = ''
  /** The write under way: the next chunk is made meanwhile. */
  #writing: Promise<void> = Promise.resolve()

  private constructor(file: FileHandle) {
    this.#file = file
  }

  static async create(path: string): Promise<FileTarget> {
    return new FileTarget(await open(path, 'wx'))
  }

  /** In hex; empty until the file has ended. */
  get sha256(): string {
    return this.#digest
  }

  get sizeBytes(): number {
    return this.#sizeBytes
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#writing
    this.#writing = this.#writeAll(bytes)
    // Told to whoever writes next, or ends; until then nobody is there to hear it.
    this.#writing.catch(() => undefined)
    this.#hash.update(bytes)
    this.#sizeBytes += bytes.length
  }

  async end(): Promise<void> {
    await this.#writing
    await this.#file.close()
    this.#digest = this.#hash.digest('hex')
  }

  /** Lets go of a file that was not finished. */
  async abandon(): Promise<void> {
    await this.#writing.catch(() => undefined)
    if (this.#digest === '') await this.#file.close().catch(() => undefined)
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length;) done += (await this.#file.write(bytes, done)).bytesWritten
  }
}
