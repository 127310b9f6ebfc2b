import type { Column, Row } from '../columns.ts'
import type { ByteTarget } from './byte-target.ts'
import { JsonBytes } from './json-bytes.ts'
import { jsonWriter } from './json-row.ts'
import type { RowSink } from './row-sink.ts'

const CHUNK_BYTES = 1 << 20

/** Rows as JSON, one a line, gathered into chunks. */
export class JsonlSink implements RowSink {
  readonly #write: (row: Row, json: JsonBytes) => void
  readonly #json = new JsonBytes()
  readonly #target: ByteTarget

  constructor(columns: readonly Column[], target: ByteTarget) {
    this.#write = jsonWriter(columns)
    this.#target = target
  }

  async write(rows: readonly Row[]): Promise<void> {
    for (const row of rows) {
      this.#write(row, this.#json)
      this.#json.add('\n')
      if (this.#json.length >= CHUNK_BYTES) await this.#target.write(this.#json.take())
    }
  }

  async end(): Promise<void> {
    if (this.#json.length > 0) await this.#target.write(this.#json.take())
    await this.#target.end()
  }
}
