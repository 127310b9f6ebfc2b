import { once } from 'node:events'
import { createGunzip } from 'node:zlib'
import { BrokenFileError, CutOffError } from './read-fault.ts'
import { UnpackingGuard } from './unpacking-limits.ts'

/**
 * Unpacks all gzip members of a file, one after the other. Node's own reader takes zeros after a member, and whatever
 * follows them, for padding and says nothing; here every byte must belong to a member.
 */
export async function* readGzip(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const guard = new UnpackingGuard()
  const gunzip = createGunzip()
  const feeding = feed(packed, gunzip, guard)
  // Awaited below; a failure before that must not count as unhandled.
  feeding.catch(() => undefined)
  try {
    const unpacked: AsyncIterable<Buffer> = gunzip
    for await (const chunk of unpacked) {
      guard.countUnpacked(chunk.length)
      yield chunk
    }
    if ((await feeding) > gunzip.bytesWritten) {
      throw new BrokenFileError('expected gzip data to the end, got other bytes after it')
    }
  } catch (error) {
    throw explain(error)
  } finally {
    gunzip.destroy()
  }
}

/** @returns how many bytes there were */
async function feed(
  packed: AsyncIterable<Buffer>,
  gunzip: ReturnType<typeof createGunzip>,
  guard: UnpackingGuard,
): Promise<number> {
  let count = 0
  try {
    for await (const chunk of packed) {
      count += chunk.length
      guard.countPacked(chunk.length)
      if (gunzip.readableEnded || gunzip.destroyed) continue
      if (!gunzip.write(chunk)) await Promise.race([once(gunzip, 'drain'), once(gunzip, 'end'), once(gunzip, 'close')])
    }
    gunzip.end()
  } catch (error) {
    gunzip.destroy(error instanceof Error ? error : new Error(String(error)))
  }
  return count
}

function explain(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  if (error.code === 'Z_BUF_ERROR') return new CutOffError('expected whole gzip data, got a cut stream')
  if (error.code === 'Z_DATA_ERROR') {
    return new BrokenFileError(`expected gzip data, got damaged or other bytes (${error.message})`, { cause: error })
  }
  return error
}
