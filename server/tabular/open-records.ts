import { readParquet } from './binary-files.ts'
import { readCsv } from './csv-file.ts'
import { readJsonArray } from './json-array.ts'
import { cutOff, readJsonLines } from './json-lines.ts'
import { readPlainLines } from './plain-lines.ts'
import { isParquet, MAGIC_BYTES, readFirstBytes, readSourceBytes, readUtf8Bytes } from './source-bytes.ts'
import type { ReadRecord, Shape } from './source-record.ts'

export interface ReadOptions {
  /** A longer record is passed over and reported. */
  readonly maxRecordBytes: number
  /** Lines of this one column instead of what the first character says; for texts that are no table. */
  readonly linesAs?: string
  /** Which columns of a Parquet file are wanted; all, unless it is given. */
  readonly pickColumns?: (shape: Shape) => readonly string[]
}

/**
 * The records of a file, some at a time, in constant memory. How it is packed and laid out is found from its bytes, not
 * from its name.
 */
export async function* readRecords(path: string, options: ReadOptions): AsyncGenerator<readonly ReadRecord[]> {
  if (isParquet(await readFirstBytes(path, MAGIC_BYTES))) {
    return yield* readParquet(path, options.pickColumns ?? (({ columns }) => columns))
  }
  let isCut = false
  const bytes = readUtf8Bytes(readSourceBytes(path, { onCut: () => (isCut = true) }))
  const { first, chunks } = await peek(bytes)
  const source = { chunks, isCut: () => isCut }
  if (options.linesAs !== undefined) yield* readPlainLines(source, { ...options, column: options.linesAs })
  else if (first === '[') yield* readJsonArray(source, options)
  else if (first === '{') yield* readJsonLines(source, options)
  else if (first !== '') yield* readCsv(source, options)
  else if (isCut) yield [cutOff(1, null)]
}

/** The first character that is not white space, and all chunks. */
async function peek(source: AsyncGenerator<Buffer>): Promise<{ first: string; chunks: AsyncIterable<Buffer> }> {
  const held: Buffer[] = []
  let first = ''
  while (first === '') {
    const next = await source.next()
    if (next.done) break
    held.push(next.value)
    first = next.value.toString('latin1', 0, PEEKED_BYTES).trim().slice(0, 1)
    if (held.length > PEEKED_CHUNKS) break
  }
  return { first, chunks: concatenate(held, source) }
}

const PEEKED_BYTES = 64 * 1024
const PEEKED_CHUNKS = 256

async function* concatenate(held: readonly Buffer[], rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield* held
  yield* rest
}
