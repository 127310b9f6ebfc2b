import { isUtf8 } from 'node:buffer'
import { CsvRecord, type CsvCell } from '../tabular/csv-record.ts'
import { BadLineError } from './bad-line.ts'
import { ByteCells, CELL, isNullCell } from './byte-cells.ts'
import { neededColumns, planRow, type RowPlan, type Wanted } from './row-plan.ts'
import { ValueCells } from './value-cells.ts'
import type { VoteRows } from './vote-rows.ts'

const [LF, CR, QUOTE] = [0x0a, 0x0d, 0x22]
const DELIMITERS = [',', ';', '\t']
/** A longer record is no vote. */
const MOST_BYTES = 64 * 1024 * 1024
/** The first column of files that Ringside wrote, whose text cells are shielded against spreadsheets. */
const OWN_FIRST_COLUMN = 'schema_version'

/**
 * Reads a table of votes from chunks of bytes. Rows without quotes, nearly all of them, are read where they lie; a row
 * with quotes is put together as text. Casts: positions are inside the block.
 */
export class CsvVotes {
  readonly #rows: VoteRows
  readonly #wanted: Wanted
  #held: Buffer[] = []
  #heldBytes = 0
  #line = 0
  #delimiter = 0
  #columns: string[] | undefined
  #plan: RowPlan | undefined
  #needed: Uint8Array = new Uint8Array(0)
  #bytes = new ByteCells(0)
  readonly #values = new ValueCells()
  /** A record whose quotes are still open, and the line where it began. */
  #open: { record: CsvRecord; line: number } | undefined

  constructor(rows: VoteRows, wanted: Wanted) {
    this.#rows = rows
    this.#wanted = wanted
  }

  push(chunk: Buffer): void {
    const last = chunk.lastIndexOf(LF)
    if (last < 0) return this.#hold(chunk)
    if (this.#heldBytes === 0) this.#readBlock(chunk.subarray(0, last + 1))
    else {
      const first = chunk.indexOf(LF)
      this.#hold(chunk.subarray(0, first + 1))
      this.#readBlock(this.#takeHeld())
      this.#readBlock(chunk.subarray(first + 1, last + 1))
    }
    this.#hold(chunk.subarray(last + 1))
  }

  /** At the end of the file. A cut one cannot be trusted about its last line. */
  end(isCut: boolean): void {
    const rest = this.#takeHeld()
    if (isCut) throw new BadLineError(this.#line + 1, 'record', CUT_OFF)
    if (rest.length > 0) {
      const before = this.#line
      try {
        this.#readBlock(Buffer.concat([rest, Buffer.of(LF)]))
      } catch (error) {
        const isWidth = error instanceof BadLineError && error.field === 'record'
        throw isWidth ? new BadLineError(before + 1, 'record', CUT_OFF) : error
      }
    }
    if (this.#open) throw new BadLineError(this.#open.line, 'record', CUT_OFF)
    if (!this.#columns) throw new BadLineError(1, 'header', 'expected a header and records, got no header')
  }

  #hold(part: Buffer): void {
    if (part.length === 0) return
    // The reader may reuse the memory of a chunk.
    this.#held.push(Buffer.from(part))
    this.#heldBytes += part.length
    if (this.#heldBytes > MOST_BYTES) {
      throw new BadLineError(this.#line + 1, 'record', 'expected a record within 64 MiB, got a longer one')
    }
  }

  #takeHeld(): Buffer {
    const whole = Buffer.concat(this.#held, this.#heldBytes)
    this.#held = []
    this.#heldBytes = 0
    return whole
  }

  /** Reads whole lines. */
  #readBlock(block: Buffer): void {
    if (block.length === 0) return
    if (!isUtf8(block)) this.#findBadLine(block)
    let at = 0
    if (this.#open) at = this.#continueRecord(block, 0)
    while (!this.#plan && at < block.length) at = this.#readSlowly(block, at)
    while (at < block.length) at = this.#open ? this.#continueRecord(block, at) : this.#readFast(block, at)
  }

  /** Rows by their bytes, up to one with quotes or the end of the block. Returns where it stopped. */
  #readFast(block: Buffer, from: number): number {
    const cells = this.#bytes
    const { starts, ends, kinds } = cells
    const needed = this.#needed
    const width = needed.length
    const delimiter = this.#delimiter
    const highest = Math.max(delimiter, LF)
    const plan = this.#plan as RowPlan
    const rows = this.#rows
    cells.buffer = block
    let row = from
    while (row < block.length) {
      let column = 0
      let start = row
      let at = row
      for (; ; at++) {
        const byte = block[at] as number
        if (byte > highest && byte !== QUOTE) continue
        if (byte === delimiter) {
          if (needed[column] === 1) {
            starts[column] = start
            ends[column] = at
            kinds[column] = isNullCell(block, start, at) ? CELL.nothing : CELL.text
          }
          column++
          start = at + 1
        } else if (byte === LF) break
        else if (byte === QUOTE && at === start) return this.#readSlowly(block, row)
      }
      const end = at > row && block[at - 1] === CR ? at - 1 : at
      cells.line = ++this.#line
      if (column + 1 !== width || (width === 1 && end === row)) this.#refuseUnlessBlank(block, row, end, column + 1)
      else {
        if (needed[column] === 1) {
          starts[column] = start
          ends[column] = end
          kinds[column] = isNullCell(block, start, end) ? CELL.nothing : CELL.text
        }
        rows.add(cells, plan)
      }
      row = at + 1
    }
    return row
  }

  #refuseUnlessBlank(block: Buffer, from: number, end: number, cells: number): void {
    if (cells === 1 && block.toString('latin1', from, end).trim() === '') return
    throw new BadLineError(this.#line, 'record', `expected ${this.#needed.length} cells, got ${cells}`)
  }

  /** One row as text: the header, rows with quotes, rows of our own files with shielded cells. */
  #readSlowly(block: Buffer, from: number): number {
    const end = block.indexOf(LF, from)
    const line = block.toString('utf8', from, end)
    if (line.trim() === '') {
      this.#line++
      return end + 1
    }
    if (this.#delimiter === 0) this.#delimiter = pickDelimiter(line).charCodeAt(0)
    this.#open = { record: new CsvRecord(String.fromCharCode(this.#delimiter)), line: this.#line + 1 }
    return this.#continueRecord(block, from)
  }

  #continueRecord(block: Buffer, from: number): number {
    let at = from
    while (this.#open && at < block.length) {
      const end = block.indexOf(LF, at)
      const { record, line } = this.#open
      const cells = record.push(block.toString('utf8', at, end))
      this.#line++
      at = end + 1
      if (!cells) continue
      this.#open = undefined
      if (record.problem !== null) throw new BadLineError(line, 'record', record.problem)
      this.#take(cells, line)
    }
    return at
  }

  #take(cells: CsvCell[], line: number): void {
    if (!this.#columns) return this.#takeHeader(cells, line)
    const { length } = this.#columns
    if (cells.length !== length) throw new BadLineError(line, 'record', `expected ${length} cells, got ${cells.length}`)
    this.#values.line = line
    this.#values.values = this.#isOwn ? cells.map((cell) => (cell?.startsWith("'") ? cell.slice(1) : cell)) : cells
    this.#rows.add(this.#values, this.#plan as RowPlan)
  }

  #takeHeader(cells: readonly CsvCell[], line: number): void {
    const columns = cells.map((cell) => cell ?? '')
    const twice = columns.find((name, k) => name !== '' && columns.indexOf(name) !== k)
    if (twice !== undefined) throw new BadLineError(line, twice, 'expected each column once, got it twice')
    this.#columns = columns
    this.#plan = planRow(columns, this.#wanted, line)
    this.#needed = neededColumns(this.#plan)
    this.#bytes = new ByteCells(columns.length)
  }

  get #isOwn(): boolean {
    return this.#columns?.[0] === OWN_FIRST_COLUMN
  }

  #findBadLine(block: Buffer): never {
    let line = this.#line
    for (let at = 0; at < block.length; line++) {
      const end = block.indexOf(LF, at)
      if (!isUtf8(block.subarray(at, end))) break
      at = end + 1
    }
    throw new BadLineError(line + 1, 'record', 'expected UTF-8, got other bytes')
  }
}

const CUT_OFF = 'expected a whole record, got one that the end of the file cuts off'

/** The one that stands most often between the names; names in quotes do not count. */
function pickDelimiter(header: string): string {
  const bare = header.replace(/"(?:[^"]|"")*"/g, '')
  const counts = DELIMITERS.map((delimiter) => ({ delimiter, count: bare.split(delimiter).length - 1 }))
  const [best] = counts.toSorted((one, other) => other.count - one.count)
  return best && best.count > 0 ? best.delimiter : ','
}
