import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readRecords, type ReadOptions } from '../../../server/tabular/open-records.ts'
import type { ReadRecord } from '../../../server/tabular/source-record.ts'
import { makeScratchFolder } from '../../support/scratch-folder.ts'

export const LIMIT = 64 * 1024 * 1024

/** A record as a test looks at it. */
export type Read = { line: number; record: Record<string, unknown> } | { line: number; reason: string; message: string }

export function toRead(read: ReadRecord): Read {
  if (read.kind === 'unreadable') return { line: read.line, reason: read.fault.reason, message: read.fault.message }
  const entries = read.shape.columns.map((name, index): [string, unknown] => [name, read.values[index]])
  return { line: read.line, record: Object.fromEntries(entries) }
}

export async function collect(batches: AsyncIterable<readonly ReadRecord[]>): Promise<Read[]> {
  const all: Read[] = []
  for await (const batch of batches) all.push(...batch.map(toRead))
  return all
}

/** Files of one test, read back as records. */
export function makeFiles() {
  const folder = makeScratchFolder()
  let count = 0
  const put = (content: string | Uint8Array, name = `file-${(count += 1)}`) => {
    const path = join(folder.path, name)
    writeFileSync(path, content)
    return path
  }
  return {
    folder: folder.path,
    put,
    read: (content: string | Uint8Array, options: Partial<ReadOptions> = {}) =>
      collect(readRecords(put(content), { maxRecordBytes: LIMIT, ...options })),
    readFile: (path: string, options: Partial<ReadOptions> = {}) =>
      collect(readRecords(path, { maxRecordBytes: LIMIT, ...options })),
    remove: () => folder.remove(),
  }
}

/** Cuts bytes into chunks of the given lengths, over and over. */
export async function* inPieces(bytes: Uint8Array, lengths: readonly number[]): AsyncGenerator<Buffer> {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = lengths[turn % lengths.length] ?? 1
    yield Buffer.from(bytes.subarray(at, at + length))
    at += length
  }
}
