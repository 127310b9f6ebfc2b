import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { readZstd } from './binary-files.ts'
import { readGzip } from './gzip-members.ts'
import { CutOffError, BrokenFileError } from './read-fault.ts'
import { isSkippableFrame, ZSTD_MAGIC } from './zstd-magic.ts'

export type Compression = 'none' | 'gzip' | 'zstd'

const CHUNK_BYTES = 256 * 1024
export const MAGIC_BYTES = 4

/** The bytes of a file, unpacked when it is packed: its first bytes tell, not its name. */
export async function* readSourceBytes(path: string, { onCut }: { onCut: () => void }): AsyncGenerator<Buffer> {
  const compression = detectCompression(await readFirstBytes(path, MAGIC_BYTES))
  const stream = createReadStream(path, { highWaterMark: CHUNK_BYTES })
  try {
    const chunks: AsyncIterable<Buffer> = stream
    if (compression === 'gzip') yield* readGzip(chunks)
    else if (compression === 'zstd') yield* readZstd(path)
    else yield* chunks
  } catch (error) {
    if (!(error instanceof CutOffError)) throw error
    onCut()
  } finally {
    stream.destroy()
  }
}

export async function readFirstBytes(path: string, count: number): Promise<Buffer> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

export function detectCompression(start: Buffer): Compression {
  if (start.length >= 2 && start[0] === 0x1f && start[1] === 0x8b) return 'gzip'
  const magic = start.length >= MAGIC_BYTES ? start.readUInt32LE(0) : 0
  return magic === ZSTD_MAGIC || isSkippableFrame(magic) ? 'zstd' : 'none'
}

/** Every Parquet file begins and ends with it. */
export function isParquet(start: Buffer): boolean {
  return start.toString('latin1', 0, MAGIC_BYTES) === 'PAR1'
}

/** Drops a byte order mark, and refuses the one of another encoding. */
export async function* readUtf8Bytes(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isStart = true
  for await (const chunk of atLeast(chunks, MAGIC_BYTES)) {
    yield isStart ? withoutByteOrderMark(chunk) : chunk
    isStart = false
  }
}

/** Joins the first chunks until so many bytes are there. */
async function* atLeast(chunks: AsyncIterable<Buffer>, count: number): AsyncGenerator<Buffer> {
  let start: Buffer | null = Buffer.alloc(0)
  for await (const chunk of chunks) {
    if (start === null) yield chunk
    else {
      start = Buffer.concat([start, chunk])
      if (start.length >= count) {
        yield start
        start = null
      }
    }
  }
  if (start !== null && start.length > 0) yield start
}

function withoutByteOrderMark(start: Buffer): Buffer {
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return start.subarray(3)
  const isMarked = (start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff)
  // Without a mark the zero bytes beside the first characters give it away.
  const isUtf16 =
    isMarked || (start.length >= 4 && (start[0] === 0) !== (start[1] === 0) && (start[2] === 0) !== (start[3] === 0))
  if (isUtf16) throw new BrokenFileError('expected UTF-8, got UTF-16: save it as UTF-8 (bad_encoding)')
  return start
}
