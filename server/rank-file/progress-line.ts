import type { ReadProgress } from './read-votes.ts'

/** A terminal, or something that is none. */
export interface ProgressOutput {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

const QUIET_MS = 1000
const EVERY_MS = 100
const WIDEST = 30

/** One line on a terminal that says how far a long reading is. Nothing for short ones, and nothing into files. */
export class ProgressLine {
  readonly #output: ProgressOutput
  readonly #now: () => number
  readonly #start: number
  #last = 0
  #isShown = false

  constructor(output: ProgressOutput, now: () => number) {
    this.#output = output
    this.#now = now
    this.#start = now()
  }

  show({ share, rows }: ReadProgress): void {
    if (!this.#output.isTTY) return
    const time = this.#now()
    if (time - this.#start < QUIET_MS || time - this.#last < EVERY_MS) return
    this.#last = time
    this.#isShown = true
    this.#output.write(`\r${lineOf(share, rows, this.#output.columns ?? 80)}\x1b[K`)
  }

  clear(): void {
    if (this.#isShown) this.#output.write('\r\x1b[K')
    this.#isShown = false
  }
}

function lineOf(share: number | undefined, rows: number, columns: number): string {
  const text = `${rows.toLocaleString('en-US')} rows`
  if (share === undefined) return text
  const width = Math.max(0, Math.min(WIDEST, columns - text.length - 10))
  const done = Math.round(share * width)
  return `${'█'.repeat(done)}${'░'.repeat(width - done)} ${Math.floor(100 * share)} % ${text}`
}
