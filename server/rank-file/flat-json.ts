import { CELL, type ByteCells } from './byte-cells.ts'
import { NameTable } from './name-table.ts'

/** Keys of one object, in their order: objects with the same keys share one, so that plans are made once. */
export interface KeyShape {
  readonly names: readonly string[]
  readonly ids: Int32Array
}

const [TAB, LF, CR, SPACE] = [0x09, 0x0a, 0x0d, 0x20]
const [QUOTE, BACKSLASH, COMMA, COLON, OPEN, CLOSE] = [0x22, 0x5c, 0x2c, 0x3a, 0x7b, 0x7d]
const [MINUS, PLUS, POINT, ZERO, NINE] = [0x2d, 0x2b, 0x2e, 0x30, 0x39]
const LITERALS = ['true', 'false', 'null'].map((word) => Buffer.from(word))
const MOST_KEYS = 64

/**
 * Scans JSON objects that are flat and plain: no nesting, no escapes, no key twice. That is what logs of votes are made
 * of. Anything else is left to a whole parser. Casts: positions are inside the buffer.
 */
export class FlatJson {
  readonly #names = new NameTable()
  #seen = new Int32Array(64)
  #objects = 0
  readonly #ids = new Int32Array(MOST_KEYS)
  #last: KeyShape = { names: [], ids: new Int32Array(0) }
  readonly #shapes = new Map<string, KeyShape>()

  /** Reads the object in buffer[start … end) into cells, one a key in order, or says that it is none of this kind. */
  read(buffer: Buffer, start: number, end: number, cells: ByteCells): KeyShape | undefined {
    this.#objects++
    let at = skipSpace(buffer, start, end)
    if (buffer[at] !== OPEN) return undefined
    at = skipSpace(buffer, at + 1, end)
    let count = 0
    while (count < MOST_KEYS) {
      if (buffer[at] !== QUOTE) return undefined
      const keyEnd = stringEnd(buffer, at + 1, end)
      if (keyEnd < 0 || !this.#noteKey(buffer, at + 1, keyEnd, count)) return undefined
      at = skipSpace(buffer, keyEnd + 1, end)
      if (buffer[at] !== COLON) return undefined
      at = skipSpace(buffer, at + 1, end)
      const valueEnd = readValue(buffer, at, { end, cells, cell: count })
      if (valueEnd < 0) return undefined
      count++
      at = skipSpace(buffer, valueEnd, end)
      if (buffer[at] === COMMA) {
        at = skipSpace(buffer, at + 1, end)
        continue
      }
      if (buffer[at] !== CLOSE || skipSpace(buffer, at + 1, end) !== end) return undefined
      return this.#shapeOf(count)
    }
    return undefined
  }

  #noteKey(buffer: Buffer, start: number, end: number, position: number): boolean {
    const id = this.#names.add(buffer, start, end)
    if (id >= this.#seen.length) {
      const longer = new Int32Array(2 * id + 2)
      longer.set(this.#seen)
      this.#seen = longer
    }
    if (this.#seen[id] === this.#objects) return false
    this.#seen[id] = this.#objects
    this.#ids[position] = id
    return true
  }

  #shapeOf(count: number): KeyShape {
    if (isSame(this.#last.ids, this.#ids, count)) return this.#last
    const ids = this.#ids.slice(0, count)
    const key = ids.join(' ')
    const shape = this.#shapes.get(key) ?? { names: Array.from(ids, (id) => this.#names.nameOf(id)), ids }
    if (this.#shapes.size < 1000) this.#shapes.set(key, shape)
    this.#last = shape
    return shape
  }
}

function isSame(ids: Int32Array, other: Int32Array, count: number): boolean {
  if (ids.length !== count) return false
  for (let k = 0; k < count; k++) if (ids[k] !== other[k]) return false
  return true
}

function skipSpace(buffer: Buffer, from: number, end: number): number {
  let at = from
  while (at < end) {
    const byte = buffer[at] as number
    if (byte !== SPACE && byte !== TAB && byte !== CR && byte !== LF) break
    at++
  }
  return at
}

/** Where the closing quote stands; -1 when there is an escape or a control character before it. */
function stringEnd(buffer: Buffer, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    const byte = buffer[at] as number
    if (byte === QUOTE) return at
    if (byte === BACKSLASH || byte < SPACE) return -1
  }
  return -1
}

/** Writes a value's place into a cell and returns where it ends; -1 for lists, objects and what is no JSON. */
function readValue(
  buffer: Buffer,
  at: number,
  { end, cells, cell }: { end: number; cells: ByteCells; cell: number },
): number {
  const keep = (start: number, stop: number, kind: number) => {
    cells.starts[cell] = start
    cells.ends[cell] = stop
    cells.kinds[cell] = kind
  }
  if (buffer[at] === QUOTE) {
    const stop = stringEnd(buffer, at + 1, end)
    // An empty text is nothing: no field of a vote can be one.
    keep(at + 1, stop, stop === at + 1 ? CELL.nothing : CELL.text)
    return stop < 0 ? -1 : stop + 1
  }
  const word = LITERALS.findIndex((literal) => literal.every((byte, k) => buffer[at + k] === byte))
  const stop = word >= 0 ? at + (LITERALS[word]?.length ?? 0) : numberEnd(buffer, at, end)
  keep(at, stop, word === 2 ? CELL.nothing : CELL.literal)
  return stop
}

/** The end of a number as JSON writes them; -1 for anything else. Integers of 16 digits and more are left to others. */
function numberEnd(buffer: Buffer, from: number, end: number): number {
  let at = buffer[from] === MINUS ? from + 1 : from
  const whole = digitsEnd(buffer, at, end)
  if (whole === at || (buffer[at] === ZERO && whole > at + 1) || whole - at > 15) return -1
  at = whole
  if (buffer[at] === POINT) {
    const fraction = digitsEnd(buffer, at + 1, end)
    if (fraction === at + 1) return -1
    at = fraction
  }
  if (buffer[at] === 0x65 || buffer[at] === 0x45) {
    const sign = buffer[at + 1] === PLUS || buffer[at + 1] === MINUS ? 2 : 1
    const exponent = digitsEnd(buffer, at + sign, end)
    if (exponent === at + sign) return -1
    at = exponent
  }
  return at
}

function digitsEnd(buffer: Buffer, from: number, end: number): number {
  let at = from
  while (at < end && (buffer[at] as number) >= ZERO && (buffer[at] as number) <= NINE) at++
  return at
}
