import { isUtf8 } from 'node:buffer'
import { NOT_UTF_8, readJsonText } from '../tabular/json-lines.ts'
import { ShapeTable, type ReadRecord, type Shape } from '../tabular/source-record.ts'
import { BadLineError } from './bad-line.ts'
import { ByteCells } from './byte-cells.ts'
import { FlatJson, type KeyShape } from './flat-json.ts'
import { planRow, type RowPlan, type Wanted } from './row-plan.ts'
import { ValueCells } from './value-cells.ts'
import type { VoteRows } from './vote-rows.ts'

const LF = 0x0a
const MOST_BYTES = 64 * 1024 * 1024
const CUT_OFF = 'expected a whole record, got one that the end of the file cuts off'

/** Takes records that a whole parser has read. */
export class RecordVotes {
  readonly #rows: VoteRows
  readonly #wanted: Wanted
  readonly #plans = new WeakMap<Shape, RowPlan>()
  readonly #cells = new ValueCells()

  constructor(rows: VoteRows, wanted: Wanted) {
    this.#rows = rows
    this.#wanted = wanted
  }

  add(record: ReadRecord): void {
    if (record.kind === 'unreadable') throw new BadLineError(record.line, record.fault.field, record.fault.message)
    let plan = this.#plans.get(record.shape)
    if (!plan) {
      plan = planRow(record.shape.columns, this.#wanted, record.line)
      this.#plans.set(record.shape, plan)
    }
    this.#cells.line = record.line
    this.#cells.values = record.values
    this.#rows.add(this.#cells, plan)
  }
}

/** Reads votes from lines of JSON: flat ones by their bytes, others by a whole parser. Casts: positions are in range. */
export class JsonLineVotes {
  readonly #rows: VoteRows
  readonly #wanted: Wanted
  readonly #records: RecordVotes
  readonly #shapes = new ShapeTable()
  readonly #flat = new FlatJson()
  readonly #cells = new ByteCells(64)
  readonly #plans = new Map<KeyShape, RowPlan>()
  #held: Buffer[] = []
  #heldBytes = 0
  #line = 0

  constructor(rows: VoteRows, wanted: Wanted) {
    this.#rows = rows
    this.#wanted = wanted
    this.#records = new RecordVotes(rows, wanted)
  }

  push(chunk: Buffer): void {
    let at = 0
    const first = chunk.indexOf(LF)
    if (this.#heldBytes > 0 && first >= 0) {
      this.#hold(chunk.subarray(0, first))
      const whole = this.#takeHeld()
      this.#readLine(whole, 0, whole.length)
      at = first + 1
    }
    for (let end = chunk.indexOf(LF, at); end >= 0; end = chunk.indexOf(LF, at)) {
      this.#readLine(chunk, at, end)
      at = end + 1
    }
    this.#hold(chunk.subarray(at))
  }

  end(isCut: boolean): void {
    const rest = this.#takeHeld()
    if (isCut) throw new BadLineError(this.#line + 1, 'record', CUT_OFF)
    if (rest.length === 0) return
    try {
      this.#readLine(rest, 0, rest.length)
    } catch (error) {
      const isForm = error instanceof BadLineError && error.field === 'record'
      throw isForm ? new BadLineError(this.#line, 'record', CUT_OFF) : error
    }
  }

  #hold(part: Buffer): void {
    if (part.length === 0) return
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

  #readLine(buffer: Buffer, start: number, end: number): void {
    this.#line++
    const shape = this.#flat.read(buffer, start, end, this.#cells)
    if (!shape || !isUtf8(buffer.subarray(start, end))) return this.#readWhole(buffer.subarray(start, end))
    let plan = this.#plans.get(shape)
    if (!plan) {
      plan = planRow(shape.names, this.#wanted, this.#line)
      this.#plans.set(shape, plan)
    }
    this.#cells.buffer = buffer
    this.#cells.line = this.#line
    this.#rows.add(this.#cells, plan)
  }

  #readWhole(bytes: Buffer): void {
    if (!isUtf8(bytes)) throw new BadLineError(this.#line, NOT_UTF_8.field, NOT_UTF_8.message)
    const text = bytes.toString('utf8')
    if (text.trim() === '') return
    this.#records.add(readJsonText(text, { line: this.#line, shapes: this.#shapes }))
  }
}
