import { Decompress } from 'fzstd'
import xxhash from 'xxhash-wasm'
import { BrokenFileError, CutOffError } from './read-fault.ts'
import type { UnpackingGuard } from './unpacking-limits.ts'
import { isSkippableFrame, ZSTD_MAGIC } from './zstd-magic.ts'

/** What the decoder allocates before it has seen a single byte of content. */
const MAX_WINDOW_BYTES = 128 * 1024 * 1024
const MAX_BLOCK_BYTES = 128 * 1024
const CHECKSUM_FLAG = 0x04
const SINGLE_SEGMENT_FLAG = 0x20
const RESERVED_FLAG = 0x08

const { create64 } = await xxhash()

/** What is awaited next, and how many bytes of it there must be. */
type Step =
  | { readonly at: 'frame' | 'descriptor' | 'block' | 'checksum'; readonly bytes: number }
  | { readonly at: 'header'; readonly bytes: number; readonly descriptor: number }
  | { readonly at: 'content'; readonly bytes: number; readonly header: Buffer }
  | { readonly at: 'skippable'; readonly bytes: number }

const FRAME: Step = { at: 'frame', bytes: 4 }
const BLOCK: Step = { at: 'block', bytes: 3 }

/**
 * Unpacks zstd frames, one after the other. The decoder beneath sees one frame at a time and only whole blocks; what it
 * trusts is checked here first: the window, the size of blocks, and afterwards the checksum, which it does not look at.
 */
export class ZstdUnpacker {
  readonly #guard: UnpackingGuard
  #step: Step = FRAME
  #held = Buffer.alloc(0)
  #toSkip = 0
  #decoder: Decompress | null = null
  #checksum: ReturnType<typeof create64> | null = null
  #isLastBlock = false
  #output: Buffer[] = []

  constructor(guard: UnpackingGuard) {
    this.#guard = guard
  }

  /** Takes packed bytes and returns what they unpack to, as far as it is whole. */
  push(chunk: Buffer): Buffer[] {
    this.#guard.countPacked(chunk.length)
    let rest = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk
    for (;;) {
      if (this.#toSkip > 0) {
        const skipped = Math.min(this.#toSkip, rest.length)
        this.#toSkip -= skipped
        rest = rest.subarray(skipped)
      }
      const { bytes } = this.#step
      if (this.#toSkip > 0 || rest.length < bytes) break
      const part = rest.subarray(0, bytes)
      rest = rest.subarray(bytes)
      this.#take(part)
    }
    this.#held = Buffer.from(rest)
    const output = this.#output
    this.#output = []
    return output
  }

  /** Called after the last byte. */
  end(): void {
    const isBetweenFrames = this.#step === FRAME && this.#held.length === 0 && this.#toSkip === 0
    if (!isBetweenFrames) throw new CutOffError('expected whole zstd data, got a cut stream')
  }

  #take(part: Buffer): void {
    const step = this.#step
    if (step.at === 'frame') this.#beginFrame(part.readUInt32LE(0))
    else if (step.at === 'skippable') this.#skip(part.readUInt32LE(0))
    else if (step.at === 'descriptor') this.#readDescriptor(part.readUInt8(0))
    else if (step.at === 'header') this.#readHeader(step.descriptor, part)
    else if (step.at === 'block') this.#beginBlock(part)
    else if (step.at === 'content') this.#unpackBlock(Buffer.concat([step.header, part]))
    else this.#compareChecksum(part.readUInt32LE(0))
  }

  #beginFrame(magic: number): void {
    if (magic === ZSTD_MAGIC) this.#step = { at: 'descriptor', bytes: 1 }
    else if (isSkippableFrame(magic)) this.#step = { at: 'skippable', bytes: 4 }
    else throw new BrokenFileError('expected zstd data to the end, got other bytes after a frame')
  }

  #skip(bytes: number): void {
    this.#toSkip = bytes
    this.#step = FRAME
  }

  #readDescriptor(descriptor: number): void {
    if ((descriptor & RESERVED_FLAG) !== 0) throw damaged('a reserved bit is set')
    if ((descriptor & 0x03) !== 0)
      throw new BrokenFileError('expected zstd data without a dictionary, got data with one')
    const isSingle = (descriptor & SINGLE_SEGMENT_FLAG) !== 0
    const bytes = (isSingle ? 0 : 1) + contentSizeBytes(descriptor)
    this.#step = { at: 'header', bytes, descriptor }
  }

  #readHeader(descriptor: number, header: Buffer): void {
    if (windowBytes(descriptor, header) > MAX_WINDOW_BYTES) {
      throw new BrokenFileError('expected a zstd window of at most 128 MiB, got a larger one')
    }
    this.#checksum = (descriptor & CHECKSUM_FLAG) !== 0 ? create64() : null
    this.#decoder = new Decompress((chunk) => this.#emit(chunk))
    const start = Buffer.alloc(5)
    start.writeUInt32LE(ZSTD_MAGIC, 0)
    // The checksum is compared here, so the decoder is told that there is none.
    start.writeUInt8(descriptor & ~CHECKSUM_FLAG, 4)
    this.#feed(Buffer.concat([start, header]))
    this.#step = BLOCK
  }

  #beginBlock(header: Buffer): void {
    const word = header.readUIntLE(0, 3)
    const [kind, size] = [(word >> 1) & 3, word >> 3]
    if (kind === 3 || size > MAX_BLOCK_BYTES) throw damaged('a block is of no known kind or too large')
    this.#isLastBlock = (word & 1) === 1
    // A block of one repeated byte has just that byte.
    this.#step = { at: 'content', bytes: kind === 1 ? 1 : size, header: Buffer.from(header) }
  }

  #unpackBlock(block: Buffer): void {
    this.#feed(block)
    if (!this.#isLastBlock) this.#step = BLOCK
    else if (this.#checksum) this.#step = { at: 'checksum', bytes: 4 }
    else this.#endFrame()
  }

  #compareChecksum(expected: number): void {
    // A frame of a few bytes leaves the decoder only at its end.
    this.#finishDecoder()
    const found = Number((this.#checksum?.digest() ?? 0n) & 0xffffffffn)
    if (found !== expected) throw damaged('the checksum differs')
    this.#step = FRAME
  }

  #endFrame(): void {
    this.#finishDecoder()
    this.#step = FRAME
  }

  #finishDecoder(): void {
    this.#feed(Buffer.alloc(0), true)
    this.#decoder = null
  }

  #feed(bytes: Buffer, isLast = false): void {
    try {
      this.#decoder?.push(bytes, isLast)
    } catch (error) {
      if (error instanceof BrokenFileError) throw error
      throw damaged(error instanceof Error ? error.message : String(error))
    }
  }

  #emit(chunk: Uint8Array): void {
    if (chunk.length === 0) return
    this.#guard.countUnpacked(chunk.length)
    this.#checksum?.update(chunk)
    // The decoder writes the next block over this one.
    this.#output.push(Buffer.from(chunk))
  }
}

function contentSizeBytes(descriptor: number): number {
  const flag = descriptor >> 6
  if (flag === 0) return (descriptor & SINGLE_SEGMENT_FLAG) !== 0 ? 1 : 0
  return 1 << flag
}

function windowBytes(descriptor: number, header: Buffer): number {
  if ((descriptor & SINGLE_SEGMENT_FLAG) === 0) {
    const byte = header.readUInt8(0)
    const base = 2 ** (10 + (byte >> 3))
    return base + (base / 8) * (byte & 7)
  }
  if (header.length === 8) return Number(header.readBigUInt64LE(0))
  return header.length === 2 ? header.readUInt16LE(0) + 256 : header.readUIntLE(0, header.length)
}

function damaged(why: string): BrokenFileError {
  return new BrokenFileError(`expected zstd data, got damaged or other bytes (${why})`)
}
