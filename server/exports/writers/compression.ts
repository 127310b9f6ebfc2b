import type { Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import { writeThrough, type ByteTarget } from './byte-target.ts'

export const COMPRESSIONS = ['none', 'gzip', 'zstd'] as const
export type Compression = (typeof COMPRESSIONS)[number]

/** Bytes on their way through a compressor to a target. One member, without name and time: equal data, equal bytes. */
export class CompressedTarget implements ByteTarget {
  readonly #transform: Transform
  readonly #target: ByteTarget
  readonly #done: Promise<void>

  constructor(compression: Exclude<Compression, 'none'>, target: ByteTarget) {
    this.#transform = compression === 'gzip' ? zlib.createGzip() : createZstd()
    this.#target = target
    // A failure is told by the promises below; without a listener it would end the process.
    this.#transform.on('error', () => undefined)
    this.#done = this.#pump()
    this.#done.catch((error: unknown) => this.#transform.destroy(error instanceof Error ? error : undefined))
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#transform.destroyed) await this.#done
    await writeThrough(this.#transform, bytes)
  }

  async end(): Promise<void> {
    this.#transform.end()
    await this.#done
    await this.#target.end()
  }

  async #pump(): Promise<void> {
    for await (const chunk of this.#transform) await this.#target.write(chunk)
  }
}

/** Node has zstd from 22.15 on. */
export function hasZstd(): boolean {
  return isTransformMaker(Reflect.get(zlib, 'createZstdCompress'))
}

function createZstd(): Transform {
  const create: unknown = Reflect.get(zlib, 'createZstdCompress')
  if (!isTransformMaker(create)) throw new Error('this Node has no zstd: use --compress gzip, or Node 22.15 or later')
  return create()
}

export function zstdPage(bytes: Uint8Array): Uint8Array {
  const compress: unknown = Reflect.get(zlib, 'zstdCompressSync')
  if (!isPageCompressor(compress)) throw new Error('this Node has no zstd: use --compress gzip, or Node 22.15 or later')
  return compress(bytes)
}

export function gzipPage(bytes: Uint8Array): Uint8Array {
  return zlib.gzipSync(bytes)
}

function isTransformMaker(value: unknown): value is () => Transform {
  return typeof value === 'function'
}

function isPageCompressor(value: unknown): value is (bytes: Uint8Array) => Uint8Array {
  return typeof value === 'function'
}
