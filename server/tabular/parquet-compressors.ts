import type { Compressors } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { BrokenFileError } from './read-fault.ts'
import { UnpackingGuard } from './unpacking-limits.ts'
import { ZstdUnpacker } from './zstd-unpacker.ts'

/** The decompressors of pages; zstd by our own reader, which does not unpack more than a page says that it holds. */
export function guardedCompressors(): Compressors {
  return { ...compressors, ZSTD: unpackZstdPage }
}

function unpackZstdPage(packed: Uint8Array, length: number): Uint8Array {
  const unpacker = new ZstdUnpacker(new UnpackingGuard())
  const parts = unpacker.push(Buffer.from(packed.buffer, packed.byteOffset, packed.length))
  unpacker.end()
  const page = Buffer.concat(parts)
  if (page.length !== length) throw new BrokenFileError(`expected a page of ${length} bytes, got ${page.length}`)
  return page
}
