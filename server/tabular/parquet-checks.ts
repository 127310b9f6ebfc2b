import type { ColumnMetaData, FileMetaData } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { BrokenFileError } from './read-fault.ts'
import { UnpackingGuard } from './unpacking-limits.ts'

/** More values than this in the columns of one row group are not held in memory. */
const MAX_GROUP_VALUES = 50_000_000
const MAX_PAGE_BYTES = 512 * 1024 * 1024

/** Refuses a file whose description of itself cannot be true. */
export function checkMetadata({ num_rows: rows, row_groups: groups, schema }: FileMetaData, size: number): void {
  let counted = 0n
  for (const group of groups) {
    if (group.num_rows < 0n) throw new BrokenFileError('expected row counts from 0, got a negative one')
    counted += group.num_rows
    let values = 0n
    for (const { meta_data: chunk } of group.columns) {
      if (!chunk) throw new BrokenFileError('expected columns in the file itself, got one in another file')
      findChunkRange(chunk, size)
      values += chunk.num_values
    }
    if (values < 0n || values > MAX_GROUP_VALUES || group.num_rows > MAX_GROUP_VALUES) {
      throw new BrokenFileError(`expected at most ${MAX_GROUP_VALUES} values in a row group, got ${values}`)
    }
  }
  if (counted !== rows) throw new BrokenFileError(`expected ${rows} rows in all groups together, got ${counted}`)
  if (schema.some(({ num_children: children = 0 }) => children < 0 || children > schema.length)) {
    throw new BrokenFileError('expected a schema of its own fields, got more children than fields')
  }
}

/** Where the pages of a column lie. */
export function findChunkRange(chunk: ColumnMetaData, size: number): { start: number; end: number } {
  const first = chunk.dictionary_page_offset ? chunk.dictionary_page_offset : chunk.data_page_offset
  const start = Number(first)
  const end = start + Number(chunk.total_compressed_size)
  if (start < 0 || end < start || end > size)
    throw new BrokenFileError('expected columns within the file, got one outside')
  return { start, end }
}

/** Walks from page to page: a decoder makes room for whatever a page says that it holds. */
export function checkPages(bytes: ArrayBuffer, chunk: ColumnMetaData): void {
  const guard = new UnpackingGuard()
  const reader = { view: new DataView(bytes), offset: 0 }
  let values = 0
  // The last byte of a chunk can be padding, and the decoder stops before it.
  while (reader.offset < bytes.byteLength - 1) {
    const page = parquetHeader(reader)
    const { compressed_page_size: packed, uncompressed_page_size: unpacked } = page
    const isOutside = packed < 0 || packed > bytes.byteLength - reader.offset
    if (isOutside || unpacked < 0 || unpacked > MAX_PAGE_BYTES) {
      throw new BrokenFileError(
        `expected pages within their column, got one of ${packed} bytes that unpacks to ${unpacked}`,
      )
    }
    guard.countPacked(packed)
    guard.countUnpacked(unpacked)
    const dictionary = page.dictionary_page_header?.num_values ?? 0
    const found = page.data_page_header?.num_values ?? page.data_page_header_v2?.num_values ?? 0
    values += found
    if (found < 0 || dictionary < 0 || dictionary > unpacked * 8 || values > Number(chunk.num_values)) {
      throw new BrokenFileError(`expected ${chunk.num_values} values in a column, got pages that hold another number`)
    }
    reader.offset += packed
  }
}
