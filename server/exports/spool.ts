import { closeSync, openSync, readSync, rmSync, unlinkSync, writeSync } from 'node:fs'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const BUFFER_BYTES = 1 << 20

/**
 * Bytes that are needed again later and must not fill the memory: a file without a name, gone with the process however
 * it ends. Where a file in use cannot lose its name, it loses it on closing.
 */
export class Spool {
  readonly #folder: string
  readonly #file: number
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES)
  #buffered = 0
  #written = 0

  constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), 'ringside-'))
    const path = join(this.#folder, 'spool')
    this.#file = openSync(path, 'wx+', 0o600)
    try {
      unlinkSync(path)
    } catch {
      // The system keeps names of open files; `close` removes it.
    }
  }

  /** @returns where the bytes can be read again */
  append(bytes: Uint8Array): number {
    const at = this.#written + this.#buffered
    if (this.#buffered + bytes.length > BUFFER_BYTES) this.#flush()
    if (bytes.length > BUFFER_BYTES) this.#write(bytes)
    else {
      this.#buffer.set(bytes, this.#buffered)
      this.#buffered += bytes.length
    }
    return at
  }

  read(at: number, length: number): Buffer {
    if (at + length > this.#written) this.#flush()
    const bytes = Buffer.allocUnsafeSlow(length)
    for (let done = 0; done < length;) {
      const read = readSync(this.#file, bytes, done, length - done, at + done)
      if (read === 0) throw new Error('the temporary file of this export was cut short')
      done += read
    }
    return bytes
  }

  close(): void {
    closeSync(this.#file)
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #flush(): void {
    this.#write(this.#buffer.subarray(0, this.#buffered))
    this.#buffered = 0
  }

  #write(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) {
      const written = writeSync(this.#file, bytes, done, bytes.length - done, this.#written)
      done += written
      this.#written += written
    }
  }
}
