import type { ByteTarget } from '../../../server/exports/writers/byte-target.ts'
import type { Column, Row } from '../../../server/exports/columns.ts'
import { openRowSink } from '../../../server/exports/writers/open-row-sink.ts'
import type { FileLayout } from '../../../server/exports/writers/row-sink.ts'

/** Keeps what is written. */
export class MemoryTarget implements ByteTarget {
  readonly #chunks: Uint8Array[] = []
  hasEnded = false

  async write(bytes: Uint8Array): Promise<void> {
    this.#chunks.push(bytes.slice())
  }

  async end(): Promise<void> {
    this.hasEnded = true
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks)
  }
}

export async function toBytes(columns: readonly Column[], rows: readonly Row[], layout: FileLayout): Promise<Buffer> {
  const target = new MemoryTarget()
  const sink = openRowSink(columns, layout, target)
  for (let start = 0; start < rows.length; start += 7) await sink.write(rows.slice(start, start + 7))
  await sink.end()
  if (!target.hasEnded) throw new Error('the target was not told the end')
  return target.bytes
}
