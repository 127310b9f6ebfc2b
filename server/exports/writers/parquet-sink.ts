import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import type { Cell, Column, Row } from '../columns.ts'
import type { ByteTarget } from './byte-target.ts'
import { gzipPage, zstdPage } from './compression.ts'
import { toParquetSchema } from './parquet-schema.ts'
import type { FileLayout, RowSink } from './row-sink.ts'

/** A row group is held in memory until it is written, once as rows and once encoded. */
const GROUP_CHARACTERS = 16 << 20
const GROUP_ROWS = 20_000

const CODECS = { none: 'UNCOMPRESSED', snappy: 'SNAPPY', gzip: 'GZIP', zstd: 'ZSTD' } as const

/** Rows as Parquet, one row group after another; nothing of a written group stays but its place in the footer. */
export class ParquetSink implements RowSink {
  readonly #columns: readonly Column[]
  readonly #bytes = new ByteWriter()
  readonly #parquet: ParquetWriter
  readonly #target: ByteTarget
  #rows: Row[] = []
  #characters = 0

  constructor(columns: readonly Column[], compression: FileLayout['compression'], target: ByteTarget) {
    this.#columns = columns
    this.#target = target
    this.#parquet = new ParquetWriter({
      writer: this.#bytes,
      schema: toParquetSchema(columns),
      codec: CODECS[compression],
      compressors: { GZIP: gzipPage, ...(compression === 'zstd' ? { ZSTD: zstdPage } : {}) },
      createdBy: 'ringside',
    })
  }

  async write(rows: readonly Row[]): Promise<void> {
    for (const row of rows) {
      this.#rows.push(row)
      this.#characters += countCharacters(row)
      if (this.#characters >= GROUP_CHARACTERS || this.#rows.length >= GROUP_ROWS) await this.#writeGroup()
    }
  }

  async end(): Promise<void> {
    await this.#writeGroup()
    await this.#parquet.finish()
    await this.#flush()
    await this.#target.end()
  }

  async #writeGroup(): Promise<void> {
    if (this.#rows.length === 0) return
    const rows = this.#rows
    await this.#parquet.write({
      columnData: this.#columns.map(({ name }) => ({ name, data: rows.map((row) => row[name] ?? null) })),
      rowGroupSize: rows.length,
    })
    this.#rows = []
    this.#characters = 0
    await this.#flush()
  }

  async #flush(): Promise<void> {
    const bytes = this.#bytes.getBytes().slice()
    this.#bytes.index = 0
    await this.#target.write(bytes)
  }
}

function countCharacters(cell: Cell): number {
  if (typeof cell === 'string') return cell.length
  if (typeof cell !== 'object' || cell === null) return 1
  let characters = 0
  for (const inner of Object.values(cell)) characters += countCharacters(inner)
  return characters
}
