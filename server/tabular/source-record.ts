import type { ReadFault } from './read-fault.ts'

/** The columns of a record. Records with the same columns share one object, so that what is made of it is made once. */
export interface Shape {
  readonly columns: readonly string[]
  /** Every record of the file has these columns: one that is missing is missing everywhere. */
  readonly isWholeFile: boolean
}

/** One record as it stands in a file: values of the columns, in their order. Nothing has been checked but its form. */
export interface SourceRecord {
  readonly kind: 'record'
  /** Line of a text file, counted from 1; number of the record in arrays and Parquet. */
  readonly line: number
  readonly shape: Shape
  readonly values: readonly unknown[]
  readonly raw: RawRecord
}

/** A place in a file where a record should be and cannot be read. */
export interface UnreadableRecord {
  readonly kind: 'unreadable'
  readonly line: number
  readonly fault: ReadFault
  readonly raw: RawRecord
}

export type ReadRecord = SourceRecord | UnreadableRecord

/** What a reject file shows of a record; made into text only when it is asked for. */
export type RawRecord = string | Uint8Array | Shown | null

export interface Shown {
  readonly shape: Shape
  readonly values: readonly unknown[]
}

/** The text of a record, cut after so many bytes. */
export function rawText(raw: RawRecord, maxBytes: number): string {
  if (raw === null) return ''
  if (typeof raw === 'string') return cut(Buffer.from(raw.slice(0, maxBytes)), maxBytes)
  if (raw instanceof Uint8Array) return cut(raw, maxBytes)
  const fields = raw.shape.columns.map((name, index): [string, unknown] => [name, raw.values[index]])
  const json = JSON.stringify(new Map(fields), (_key, value: unknown) => toPlain(value))
  return cut(Buffer.from(json), maxBytes)
}

function toPlain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  return value instanceof Map ? Object.fromEntries(value) : value
}

/** Cut at the beginning of a character: half of one would be shown as damage that the record does not have. */
function cut(bytes: Uint8Array, maxBytes: number): string {
  let end = Math.min(bytes.length, maxBytes)
  if (end < bytes.length) while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1
  return Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('utf8')
}

/** Keeps one shape per list of columns. */
export class ShapeTable {
  readonly #shapes = new Map<string, Shape>()

  get(columns: readonly string[]): Shape {
    const key = columns.join(SEPARATOR)
    const known = this.#shapes.get(key)
    // Only names without the separator are kept, so a name that holds it makes the list shorter than the one kept.
    if (known?.columns.length === columns.length) return known
    const shape = { columns, isWholeFile: false }
    if (this.#shapes.size < KEPT_SHAPES && !columns.some((name) => name.includes(SEPARATOR)))
      this.#shapes.set(key, shape)
    return shape
  }
}

const SEPARATOR = '\x1F'

/** A file whose every record has columns of its own would otherwise be remembered whole. */
const KEPT_SHAPES = 1_000
