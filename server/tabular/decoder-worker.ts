import { createReadStream } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { decodeParquet, type ParquetPart } from './parquet-decoder.ts'
import { BrokenFileError, CutOffError } from './read-fault.ts'
import { UnpackingGuard } from './unpacking-limits.ts'
import type { WorkerAnswer } from './worker-generator.ts'
import { ZstdUnpacker } from './zstd-unpacker.ts'

/** The entry of the thread in which files of binary formats are decoded. */

export const DecoderTask = z.strictObject({ format: z.enum(['zstd', 'parquet']), path: z.string() })
export type DecoderTask = z.infer<typeof DecoderTask>

const CHUNK_BYTES = 256 * 1024

async function* decodeZstd(path: string): AsyncGenerator<Uint8Array, void, unknown> {
  const unpacker = new ZstdUnpacker(new UnpackingGuard())
  const stream: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: CHUNK_BYTES })
  for await (const chunk of stream) yield* unpacker.push(chunk)
  unpacker.end()
}

function decode({ format, path }: DecoderTask): AsyncGenerator<Uint8Array | ParquetPart, void, unknown> {
  return format === 'zstd' ? decodeZstd(path) : decodeParquet(path)
}

function serve(task: DecoderTask, port: NonNullable<typeof parentPort>): void {
  const generator = decode(task)
  const answer = (message: WorkerAnswer<Uint8Array | ParquetPart>) => port.postMessage(message)
  port.on('message', (request: unknown) => {
    generator
      .next(request)
      .then(({ done, value }) =>
        answer(done === true || value === undefined ? { kind: 'end' } : { kind: 'value', value }),
      )
      .catch((error: unknown) => {
        if (error instanceof CutOffError) answer({ kind: 'cut', message: error.message })
        else if (error instanceof BrokenFileError) answer({ kind: 'broken', message: error.message })
        // Anything else ends the thread, and the reader with it.
        else throw error
      })
  })
}

if (parentPort) serve(DecoderTask.parse(workerData), parentPort)
