import { isUtf8 } from 'node:buffer'
import { open, type FileHandle } from 'node:fs/promises'
import { parquetMetadataAsync, parquetRead, parquetSchema, type AsyncBuffer, type FileMetaData } from 'hyparquet'
import { z } from 'zod'
import { checkMetadata, checkPages, findChunkRange } from './parquet-checks.ts'
import { guardedCompressors } from './parquet-compressors.ts'
import { BrokenFileError } from './read-fault.ts'

/** The columns of a file come first; what is sent back then is the list of those to decode. */
export type ParquetPart =
  | { readonly part: 'columns'; readonly columns: readonly string[] }
  /** Values of the wanted columns, in the order in which they were asked for. `first` counts from 1. */
  | { readonly part: 'rows'; readonly first: number; readonly rows: readonly (readonly unknown[])[] }

const ROWS_PER_PART = 1_000
const WantedColumns = z.array(z.string())

/** Reads a Parquet file row group by row group. Columns that nobody wants are not read at all. */
export async function* decodeParquet(path: string): AsyncGenerator<ParquetPart, void, unknown> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const metadata = await readMetadata(file, size)
    const columns = parquetSchema(metadata).children.map(({ element }) => element.name)
    const wanted = WantedColumns.parse(yield { part: 'columns', columns })
    if (wanted.length > 0) yield* decodeRows(file, { metadata, size, wanted })
  } finally {
    await file.close()
  }
}

async function readMetadata(file: FileHandle, size: number): Promise<FileMetaData> {
  try {
    const source = { byteLength: size, slice: (start: number, end = size) => readRange(file, start, end) }
    const metadata = await parquetMetadataAsync(source, { parsers: PARSERS, geoparquet: false })
    checkMetadata(metadata, size)
    return metadata
  } catch (error) {
    throw damaged(error)
  }
}

interface DecodedFile {
  readonly metadata: FileMetaData
  readonly size: number
  readonly wanted: readonly string[]
}

async function* decodeRows(file: FileHandle, decoded: DecodedFile): AsyncGenerator<ParquetPart> {
  let start = 0
  for (const index of decoded.metadata.row_groups.keys()) {
    const rows = await decodeGroup(file, decoded, index, start)
    for (let at = 0; at < rows.length; at += ROWS_PER_PART) {
      yield {
        part: 'rows',
        first: start + at + 1,
        rows: rows.slice(at, at + ROWS_PER_PART).map((row) => row.map(toPlain)),
      }
    }
    start += rows.length
  }
}

/** What is decoded is looked at before, page by page. */
async function decodeGroup(
  file: FileHandle,
  { metadata, size, wanted }: DecodedFile,
  index: number,
  rowStart: number,
): Promise<unknown[][]> {
  const group = metadata.row_groups[index]
  if (!group) return []
  try {
    for (const { meta_data: chunk } of group.columns) {
      if (!chunk || !wanted.includes(chunk.path_in_schema[0] ?? '')) continue
      const { start, end } = findChunkRange(chunk, size)
      checkPages(await readRange(file, start, end), chunk)
    }
    const source: AsyncBuffer = { byteLength: size, slice: (start, end = size) => readRange(file, start, end) }
    return await readRows(source, { metadata, wanted, rowStart, rowEnd: rowStart + Number(group.num_rows) })
  } catch (error) {
    throw damaged(error)
  }
}

async function readRows(
  file: AsyncBuffer,
  options: { metadata: FileMetaData; wanted: readonly string[]; rowStart: number; rowEnd: number },
): Promise<unknown[][]> {
  const { metadata, wanted, rowStart, rowEnd } = options
  let found: unknown[][] = []
  await parquetRead({
    file,
    metadata,
    columns: [...wanted],
    rowStart,
    rowEnd,
    compressors: guardedCompressors(),
    parsers: PARSERS,
    geoparquet: false,
    onComplete: (rows: unknown[][]) => (found = rows),
  })
  return found
}

async function readRange(file: FileHandle, start: number, end: number): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(end - start)
  let done = 0
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done)
    if (bytesRead === 0) throw new BrokenFileError('expected a whole Parquet file, got one that is cut')
    done += bytesRead
  }
  return bytes.buffer
}

/** Text that is no UTF-8 stays bytes, so that whoever needs the text sees that it is none. */
const toText = (bytes: Uint8Array | undefined) =>
  bytes && (isUtf8(bytes) ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8') : bytes)

const PARSERS = {
  // hyparquet's types say string; whatever comes back is passed through.
  stringFromBytes: toText as (bytes: Uint8Array) => string,
  jsonFromBytes: toText as (bytes: Uint8Array) => string,
}

/** Numbers where they are exact; whole numbers beyond that are ids and stay text. */
function toPlain(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : String(value)
  }
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Uint8Array) {
    return value ?? null
  }
  if (Array.isArray(value)) return value.map(toPlain)
  // An own property each, whatever the name: a field called __proto__ is a field.
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, toPlain(inner)]))
}

function damaged(error: unknown): Error {
  if (error instanceof BrokenFileError) return error
  const why = error instanceof Error ? error.message : String(error)
  return new BrokenFileError(`expected a Parquet file, got a damaged one (${why})`, { cause: error })
}
