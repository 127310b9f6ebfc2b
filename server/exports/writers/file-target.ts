import { createHash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import type { ByteTarget } from './byte-target.ts'

/** A new file, hashed while it is written and on disk when it has ended. */
export class FileTarget implements ByteTarget {
  readonly #file: FileHandle
  readonly #hash = createHash('sha256')
  #sizeBytes = 0
  #digest = ''

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
    const written = this.#writeAll(bytes)
    this.#hash.update(bytes)
    this.#sizeBytes += bytes.length
    await written
  }

  async end(): Promise<void> {
    await this.#file.sync()
    await this.#file.close()
    this.#digest = this.#hash.digest('hex')
  }

  /** Lets go of a file that was not finished. */
  async abandon(): Promise<void> {
    if (this.#digest === '') await this.#file.close().catch(() => undefined)
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length;) done += (await this.#file.write(bytes, done)).bytesWritten
  }
}
