import { isUtf8 } from 'node:buffer'
import { cutOff, NOT_UTF_8, readJsonText, TOO_LONG, unreadable } from './json-lines.ts'
import { ShapeTable, type ReadRecord } from './source-record.ts'
import type { SourceText } from './source-text.ts'

const SHOWN_BYTES = 64 * 1024

/** Reads the elements of one JSON array, each as soon as it is whole. Records are counted from 1. */
export async function* readJsonArray(
  source: SourceText,
  { maxRecordBytes }: { maxRecordBytes: number },
): AsyncGenerator<ReadRecord[]> {
  const elements = new ArrayReader(maxRecordBytes)
  for await (const chunk of source.chunks) {
    const records = elements.push(chunk)
    if (records.length > 0) yield records
  }
  yield elements.end()
}

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c]
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d]

/** Finds where elements end by following brackets and strings; what is in them is for the parser to judge. */
class ArrayReader {
  readonly #maxBytes: number
  readonly #shapes = new ShapeTable()
  #records: ReadRecord[] = []
  /** 0 before the array, 1 between its elements. */
  #depth = 0
  #isInString = false
  #isEscaped = false
  #isOver = false
  #count = 0
  #held: Buffer[] = []
  #heldBytes = 0
  #isTooLong = false

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  push(chunk: Buffer): ReadRecord[] {
    this.#scan(chunk)
    const records = this.#records
    this.#records = []
    return records
  }

  end(): ReadRecord[] {
    if (!this.#isOver) {
      this.#count += 1
      this.#records.push(cutOff(this.#count, Buffer.concat(this.#held).subarray(0, SHOWN_BYTES)))
    }
    return this.#records
  }

  #scan(chunk: Buffer): void {
    let start = 0
    for (let at = 0; at < chunk.length; at += 1) {
      if (this.#isInString) {
        at = this.#findStringEnd(chunk, at)
        continue
      }
      const byte = chunk[at]
      if (byte === QUOTE) this.#isInString = true
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        this.#depth += 1
        if (this.#depth === 1 && !this.#isOver) start = at + 1
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        if (this.#depth === 1 && !this.#isOver) {
          this.#hold(chunk.subarray(start, at))
          this.#finish(true)
          this.#isOver = true
          start = at + 1
        }
        this.#depth -= 1
      } else if (byte === COMMA && this.#depth === 1 && !this.#isOver) {
        this.#hold(chunk.subarray(start, at))
        this.#finish(false)
        start = at + 1
      }
    }
    this.#hold(chunk.subarray(start))
    if (this.#isOver) this.#refuseRest()
  }

  /** @returns the place of the closing quote, or the end of the chunk */
  #findStringEnd(chunk: Buffer, from: number): number {
    let at = from
    if (this.#isEscaped) {
      this.#isEscaped = false
      at += 1
    }
    for (;;) {
      const quote = chunk.indexOf(QUOTE, at)
      const end = quote < 0 ? chunk.length : quote
      let before = end - 1
      while (before >= at && chunk[before] === BACKSLASH) before -= 1
      const isEscaped = (end - before) % 2 === 0
      if (quote < 0) {
        this.#isEscaped = isEscaped
        return chunk.length
      }
      if (!isEscaped) {
        this.#isInString = false
        return quote
      }
      at = quote + 1
    }
  }

  #hold(part: Buffer): void {
    if (part.length === 0 || this.#isTooLong) return
    this.#held.push(part)
    this.#heldBytes += part.length
    if (this.#heldBytes <= this.#maxBytes) return
    this.#isTooLong = true
    this.#held = [Buffer.concat(this.#held).subarray(0, SHOWN_BYTES)]
  }

  #finish(isLast: boolean): void {
    const bytes = Buffer.concat(this.#held)
    const isTooLong = this.#isTooLong
    this.#held = []
    this.#heldBytes = 0
    this.#isTooLong = false
    // An array without elements has nothing before its end.
    if (isLast && this.#count === 0 && !isTooLong && isWhiteSpace(bytes)) return
    this.#count += 1
    if (isTooLong) this.#records.push(unreadable(this.#count, TOO_LONG, bytes))
    else if (!isUtf8(bytes)) this.#records.push(unreadable(this.#count, NOT_UTF_8, bytes))
    else this.#records.push(readJsonText(bytes.toString('utf8').trim(), { line: this.#count, shapes: this.#shapes }))
  }

  #refuseRest(): void {
    const rest = Buffer.concat(this.#held)
    this.#held = []
    this.#heldBytes = 0
    if (isWhiteSpace(rest) || this.#depth === REFUSED) return
    this.#depth = REFUSED
    this.#count += 1
    const message = 'expected nothing after the end of the array, got more'
    this.#records.push(unreadable(this.#count, { reason: 'bad_json', field: 'record', message }, rest))
  }
}

/** A depth that no bracket leads to: what follows the array was complained about already. */
const REFUSED = Number.NEGATIVE_INFINITY

function isWhiteSpace(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09)
}
