import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { rawText, type RawRecord } from '../tabular/source-record.ts'
import type { Complaint } from './refusal.ts'
import { toTerminal } from './terminal-text.ts'

const MAX_RAW_BYTES = 64 * 1024
/** After so many error lines the rest is only counted: nobody reads a million. */
const SHOWN_ERRORS = 50

export interface RejectedRecord {
  readonly file: string
  readonly line: number
  readonly complaint: Complaint
  readonly raw: RawRecord
}

/** Tells about records that were set aside: to the operator as lines, to a file as they came. */
export class Rejects {
  readonly #stderr: Writable
  readonly #file: WriteStream | null
  #problem: Error | null = null
  #count = 0

  constructor(stderr: Writable, rejectFile: string | null) {
    this.#stderr = stderr
    this.#file = rejectFile === null ? null : createWriteStream(rejectFile)
    this.#file?.on('error', (error) => (this.#problem = error))
  }

  get count(): number {
    return this.#count
  }

  async add({ file, line, complaint, raw }: RejectedRecord): Promise<void> {
    this.#count += 1
    const { reason, field, message } = complaint
    if (this.#count <= SHOWN_ERRORS) this.#stderr.write(`${toTerminal(`${file}:${line}: ${field}: ${message}`)}\n`)
    if (!this.#file) return
    if (this.#problem) throw this.#problem
    const entry = { file, line, reason, field, message, raw: rawText(raw, MAX_RAW_BYTES) }
    if (!this.#file.write(`${JSON.stringify(entry)}\n`)) await once(this.#file, 'drain')
  }

  async close(): Promise<void> {
    if (this.#count > SHOWN_ERRORS) this.#stderr.write(`… and ${this.#count - SHOWN_ERRORS} more\n`)
    if (!this.#file) return
    this.#file.end()
    await finished(this.#file)
  }
}
