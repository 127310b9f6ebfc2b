import xxhash from 'xxhash-wasm'

const { h64Raw } = await xxhash()

export interface FrameOptions {
  /** Writes the checksum, or a wrong one. */
  readonly checksum?: 'right' | 'wrong'
  /** Window descriptor byte; without it the frame is one segment with its size in the header. */
  readonly window?: number
  readonly dictionary?: boolean
  readonly blocks?: readonly Buffer[]
}

/** A zstd frame of raw blocks: what a compressor writes that compresses nothing. */
export function rawFrame(content: Buffer, options: FrameOptions = {}): Buffer {
  const { checksum, window, dictionary = false, blocks = rawBlocks(content) } = options
  const isSingle = window === undefined
  const descriptor = (isSingle ? 0xa0 : 0) | (checksum ? 0x04 : 0) | (dictionary ? 0x01 : 0)
  const size = Buffer.alloc(4)
  size.writeUInt32LE(content.length)
  const header = isSingle ? size : Buffer.from([window])
  const sum = Buffer.alloc(4)
  sum.writeUInt32LE(Number(h64Raw(content) & 0xffffffffn))
  if (checksum === 'wrong') sum.writeUInt8(sum.readUInt8(0) ^ 1, 0)
  return Buffer.concat([
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, descriptor]),
    ...(dictionary && !isSingle ? [header, Buffer.from([7])] : dictionary ? [Buffer.from([7]), header] : [header]),
    ...blocks,
    ...(checksum ? [sum] : []),
  ])
}

function rawBlocks(content: Buffer): Buffer[] {
  const parts = [content.subarray(0, 100_000), content.subarray(100_000)].filter((part) => part.length > 0)
  const whole = parts.length === 0 ? [content] : parts
  return whole.map((part, index) => Buffer.concat([blockHeader(0, part.length, index === whole.length - 1), part]))
}

/** Kinds: 0 raw, 1 one byte repeated, 2 compressed, 3 reserved. */
export function blockHeader(kind: number, size: number, isLast: boolean): Buffer {
  const header = Buffer.alloc(3)
  header.writeUIntLE((isLast ? 1 : 0) | (kind << 1) | (size << 3), 0, 3)
  return header
}

export function repeatedBlock(byte: number, size: number, isLast: boolean): Buffer {
  return Buffer.concat([blockHeader(1, size, isLast), Buffer.from([byte])])
}

export function skippableFrame(content: Buffer): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt32LE(0x184d2a53, 0)
  header.writeUInt32LE(content.length, 4)
  return Buffer.concat([header, content])
}
