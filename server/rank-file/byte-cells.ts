import type { NameTable } from './name-table.ts'
import type { RowCells } from './row-cells.ts'

/** What a cell is in JSON. In CSV every cell is text or null. */
export const CELL = { nothing: 0, text: 1, literal: 2 } as const

/** Words that programs write where there is no value. In quotes they are text, but then this reader is not asked. */
const NULL_WORDS = new Set(['nan', 'null', 'NA'])

/** Powers of ten that a double holds exactly. */
const EXACT_POWERS = Array.from({ length: 23 }, (_, k) => 10 ** k)

/**
 * A row as places in a buffer: no strings are made of cells that only need a number or are seen again and again.
 * Casts: columns are below the width.
 */
export class ByteCells implements RowCells {
  line = 0
  buffer: Buffer = Buffer.alloc(0)
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly kinds: Uint8Array

  constructor(width: number) {
    this.starts = new Int32Array(width)
    this.ends = new Int32Array(width)
    this.kinds = new Uint8Array(width)
  }

  isNull(column: number): boolean {
    return this.kinds[column] === CELL.nothing
  }

  nameIn(table: NameTable, column: number): number {
    return table.add(this.buffer, this.starts[column] as number, this.ends[column] as number)
  }

  textOf(column: number): string {
    return this.buffer.toString('utf8', this.starts[column], this.ends[column])
  }

  /** Plain decimals are read here, exactly; the rest is left to the language. */
  numberOf(column: number): number {
    const start = this.starts[column] as number
    const end = this.ends[column] as number
    let value = 0
    let digits = 0
    let decimals = -1
    for (let at = start; at < end; at++) {
      const byte = this.buffer[at] as number
      if (byte === POINT && decimals < 0) decimals = 0
      else if (byte >= ZERO && byte <= NINE) {
        value = value * 10 + byte - ZERO
        digits++
        if (decimals >= 0) decimals++
      } else return slowNumber(this.textOf(column))
    }
    if (digits === 0 || digits > 15) return slowNumber(this.textOf(column))
    return decimals > 0 ? value / (EXACT_POWERS[decimals] as number) : value
  }

  valueOf(column: number): unknown {
    const text = this.textOf(column)
    if (this.kinds[column] !== CELL.literal) return text
    return JSON.parse(text)
  }
}

const [POINT, ZERO, NINE] = [0x2e, 0x30, 0x39]

function slowNumber(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text)
}

const [LOWER_N, UPPER_N] = [0x6e, 0x4e]

/** Does a bare CSV cell stand for nothing? */
export function isNullCell(buffer: Buffer, start: number, end: number): boolean {
  const length = end - start
  if (length === 0) return true
  if (length > 4) return false
  const first = buffer[start]
  if (first !== LOWER_N && first !== UPPER_N) return false
  return NULL_WORDS.has(buffer.toString('latin1', start, end))
}
