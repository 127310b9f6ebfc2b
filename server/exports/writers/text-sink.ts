import type { Row } from '../columns.ts'
import type { ByteTarget } from './byte-target.ts'
import type { RowSink } from './row-sink.ts'

const CHUNK_CHARACTERS = 1 << 18

/** Rows as lines of text, gathered into chunks. */
export class TextSink implements RowSink {
  readonly #toLine: (row: Row) => string
  readonly #target: ByteTarget
  #lines: string[]
  #characters: number

  constructor(toLine: (row: Row) => string, target: ByteTarget, header = '') {
    this.#toLine = toLine
    this.#target = target
    this.#lines = [header]
    this.#characters = header.length
  }

  async write(rows: readonly Row[]): Promise<void> {
    for (const row of rows) {
      const line = this.#toLine(row)
      this.#lines.push(line)
      this.#characters += line.length
      if (this.#characters >= CHUNK_CHARACTERS) await this.#flush()
    }
  }

  async end(): Promise<void> {
    await this.#flush()
    await this.#target.end()
  }

  async #flush(): Promise<void> {
    const text = this.#lines.join('')
    this.#lines = []
    this.#characters = 0
    if (text !== '') await this.#target.write(Buffer.from(text))
  }
}
