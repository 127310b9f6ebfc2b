import { startThread } from '../thread.ts'
import type { DecoderTask } from './decoder-worker.ts'
import type { ParquetPart } from './parquet-decoder.ts'
import type { ReadRecord, Shape } from './source-record.ts'
import { WorkerGenerator } from './worker-generator.ts'

function startDecoder<T>(task: DecoderTask): WorkerGenerator<T> {
  return new WorkerGenerator<T>(startThread(import.meta.url, './decoder-worker', task))
}

/** The bytes of a zstd file, unpacked in a thread of its own. */
export async function* readZstd(path: string): AsyncGenerator<Buffer> {
  const decoder = startDecoder<Uint8Array>({ format: 'zstd', path })
  try {
    for (;;) {
      const chunk = await decoder.next(null)
      if (!chunk) return
      yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    }
  } finally {
    await decoder.close()
  }
}

/**
 * The rows of a Parquet file, decoded in a thread of its own.
 *
 * @param pickColumns which of the columns are wanted; the others are not decoded and have no value
 */
export async function* readParquet(
  path: string,
  pickColumns: (shape: Shape) => readonly string[],
): AsyncGenerator<ReadRecord[]> {
  const decoder = startDecoder<ParquetPart>({ format: 'parquet', path })
  try {
    const head = await decoder.next(null)
    if (head?.part !== 'columns') return
    const shape: Shape = { columns: head.columns, isWholeFile: true }
    const wanted = [...new Set(pickColumns(shape))]
    const places = shape.columns.map((name) => wanted.indexOf(name))
    for (;;) {
      const part = await decoder.next(wanted)
      if (part?.part !== 'rows') return
      yield part.rows.map((row, index) => {
        const values = places.map((place) => (place < 0 ? undefined : row[place]))
        return { kind: 'record', line: part.first + index, shape, values, raw: { shape, values } }
      })
    }
  } finally {
    await decoder.close()
  }
}
