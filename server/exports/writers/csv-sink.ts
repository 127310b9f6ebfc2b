import type { Column, Row } from '../columns.ts'
import type { ByteTarget } from './byte-target.ts'
import { csvHeader, csvWriter } from './csv-row.ts'
import type { RowSink } from './row-sink.ts'

const CHUNK_CHARACTERS = 1 << 18

/** Rows as CSV, gathered into chunks. */
export class CsvSink implements RowSink {
  readonly #toLine: (row: Row) => string
  readonly #target: ByteTarget
  #lines: string[]
  #characters = 0

  constructor(columns: readonly Column[], target: ByteTarget) {
    this.#toLine = csvWriter(columns)
    this.#target = target
    this.#lines = [csvHeader(columns)]
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
