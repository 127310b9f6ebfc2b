import { isUtf8 } from 'node:buffer'

/** One line of a text without its end; a CR before the LF is still there. */
export interface TextLine {
  /** Counted from 1. */
  readonly number: number
  /** Null when the bytes are no UTF-8, or are too many. */
  readonly text: string | null
  readonly problem: 'too-long' | 'not-utf-8' | null
  /** The bytes, where `text` is null; at most the beginning of them. */
  readonly bytes: Uint8Array | null
  /** False for a last line that no LF ends. */
  readonly isEnded: boolean
}

const LF = 0x0a
const SHOWN_BYTES = 64 * 1024

/**
 * Cuts chunks of bytes into lines. Only LF ends a line. A line longer than the limit is passed over without being
 * held; of every other one no more than itself is held.
 */
export class LineCutter {
  readonly #maxBytes: number
  #number = 0
  #held: Buffer[] = []
  #heldBytes = 0
  /** The beginning of a line that is being passed over. */
  #tooLong: Buffer | null = null

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** How many lines there have been. */
  get count(): number {
    return this.#number
  }

  /** The lines that end in this chunk. */
  push(chunk: Buffer): TextLine[] {
    const last = chunk.lastIndexOf(LF)
    if (last < 0) {
      this.#hold(chunk)
      return []
    }
    const lines: TextLine[] = []
    const first = chunk.indexOf(LF)
    if (this.#heldBytes > 0 || this.#tooLong) {
      this.#hold(chunk.subarray(0, first))
      lines.push(this.#take(true))
      this.#cutBlock(chunk.subarray(first + 1, last + 1), lines)
    } else {
      this.#cutBlock(chunk.subarray(0, last + 1), lines)
    }
    this.#hold(chunk.subarray(last + 1))
    return lines
  }

  /** The last line, if no LF ended it. */
  end(): TextLine | undefined {
    return this.#heldBytes > 0 || this.#tooLong ? this.#take(false) : undefined
  }

  #hold(part: Buffer): void {
    if (part.length === 0 || this.#tooLong) return
    this.#held.push(part)
    this.#heldBytes += part.length
    if (this.#heldBytes <= this.#maxBytes) return
    this.#tooLong = Buffer.concat(this.#held, Math.min(this.#heldBytes, SHOWN_BYTES))
    this.#held = []
    this.#heldBytes = 0
  }

  #take(isEnded: boolean): TextLine {
    const tooLong = this.#tooLong
    const bytes = tooLong ?? Buffer.concat(this.#held, this.#heldBytes)
    this.#held = []
    this.#heldBytes = 0
    this.#tooLong = null
    this.#number += 1
    if (tooLong) return { number: this.#number, text: null, problem: 'too-long', bytes: tooLong, isEnded }
    return this.#decode(bytes, isEnded)
  }

  /** Whole lines, decoded together: most of the time of reading a table would otherwise go into its short lines. */
  #cutBlock(block: Buffer, lines: TextLine[]): void {
    if (block.length === 0) return
    if (block.length > this.#maxBytes || !isUtf8(block)) return this.#cutOneByOne(block, lines)
    const text = block.toString('utf8')
    for (let start = 0; start < text.length;) {
      const end = text.indexOf('\n', start)
      this.#number += 1
      lines.push({ number: this.#number, text: text.slice(start, end), problem: null, bytes: null, isEnded: true })
      start = end + 1
    }
  }

  #cutOneByOne(block: Buffer, lines: TextLine[]): void {
    for (let start = 0; start < block.length;) {
      const end = block.indexOf(LF, start)
      const line = block.subarray(start, end)
      this.#number += 1
      const isTooLong = line.length > this.#maxBytes
      lines.push(
        isTooLong
          ? {
              number: this.#number,
              text: null,
              problem: 'too-long',
              bytes: line.subarray(0, SHOWN_BYTES),
              isEnded: true,
            }
          : this.#decode(line, true),
      )
      start = end + 1
    }
  }

  #decode(bytes: Buffer, isEnded: boolean): TextLine {
    if (isUtf8(bytes)) {
      return { number: this.#number, text: bytes.toString('utf8'), problem: null, bytes: null, isEnded }
    }
    const shown = bytes.subarray(0, SHOWN_BYTES)
    return { number: this.#number, text: null, problem: 'not-utf-8', bytes: shown, isEnded }
  }
}
