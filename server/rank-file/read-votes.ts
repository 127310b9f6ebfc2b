import { open, stat } from 'node:fs/promises'
import { readJsonArray } from '../tabular/json-array.ts'
import { readFirstBytes, readSourceBytes, readUtf8Bytes } from '../tabular/source-bytes.ts'
import { CsvVotes } from './csv-votes.ts'
import { JsonLineVotes, RecordVotes } from './json-votes.ts'
import { readParquetVotes } from './parquet-votes.ts'
import type { Wanted } from './row-plan.ts'
import { VoteRows } from './vote-rows.ts'

const MOST_BYTES = 64 * 1024 * 1024
const PARQUET = 'PAR1'

/** How far the reading is. */
export interface ReadProgress {
  /** 0 … 1, or undefined while the end is not known. */
  readonly share: number | undefined
  readonly rows: number
}

/** Reads a file of votes or pair counts. How it is packed and laid out is found from its bytes, not from its name. */
export async function readVotes(
  path: string,
  wanted: Wanted,
  onProgress: (progress: ReadProgress) => void,
): Promise<VoteRows> {
  const rows = new VoteRows(wanted)
  const start = await readFirstBytes(path, PARQUET.length)
  if (start.toString('latin1') === PARQUET) {
    await readParquetVotes(path, { rows, wanted, onProgress: (share) => onProgress({ share, rows: rows.length }) })
    return rows
  }
  const isPacked = start[0] === 0x1f && start[1] === 0x8b
  const size = isPacked ? undefined : (await stat(path)).size
  let bytes = 0
  let isCut = false
  const source = isPacked ? readSourceBytes(path, { onCut: () => (isCut = true) }) : readPlainBytes(path)
  const chunks = readUtf8Bytes(source)
  const counted = async function* () {
    for await (const chunk of chunks) {
      bytes += chunk.length
      yield chunk
      onProgress({ share: size === undefined ? undefined : bytes / size, rows: rows.length })
    }
  }
  const stream = counted()
  try {
    await readText(stream, { rows, wanted, isCut: () => isCut })
  } finally {
    // A reader that refuses a line does not read on: the file is closed here.
    await stream.return(undefined)
  }
  return rows
}

const CHUNK_BYTES = 1024 * 1024

/** The bytes of a file in one buffer that is used again: whoever keeps some of them copies them. */
async function* readPlainBytes(path: string): AsyncGenerator<Buffer> {
  const file = await open(path, 'r')
  try {
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES)
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, null)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

async function readText(
  chunks: AsyncGenerator<Buffer>,
  { rows, wanted, isCut }: { rows: VoteRows; wanted: Wanted; isCut: () => boolean },
): Promise<void> {
  const held: Buffer[] = []
  let first = ''
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    held.push(Buffer.from(next.value))
    first = next.value.toString('latin1').trim().slice(0, 1)
    if (first !== '') break
  }
  const all = concatenate(held, chunks)
  if (first === '[') {
    const records = new RecordVotes(rows, wanted)
    for await (const part of readJsonArray({ chunks: copies(all), isCut }, { maxRecordBytes: MOST_BYTES })) {
      for (const record of part) records.add(record)
    }
    return
  }
  const reader = first === '{' ? new JsonLineVotes(rows, wanted) : new CsvVotes(rows, wanted)
  for await (const chunk of all) reader.push(chunk)
  reader.end(isCut())
}

async function* concatenate(held: readonly Buffer[], rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield* held
  yield* rest
}

/** For readers that keep parts of chunks. */
async function* copies(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk)
}
