import type { Writable } from 'node:stream'

const EVERY_MS = 250

/** One line at the bottom of a terminal that says how far a run is. Where nobody watches nothing is written. */
export class ProgressLine {
  readonly #stderr: Writable
  readonly #verb: string
  readonly #isWatched: boolean
  #records = 0
  #shownAt = performance.now()
  #isShown = false

  constructor(stderr: Writable, verb: string) {
    this.#stderr = stderr
    this.#verb = verb
    this.#isWatched = 'isTTY' in stderr && stderr.isTTY === true
  }

  add(records: number): void {
    this.#records += records
    if (!this.#isWatched || performance.now() - this.#shownAt < EVERY_MS) return
    this.#shownAt = performance.now()
    this.#isShown = true
    this.#stderr.write(`\r${this.#records.toLocaleString('en')} records ${this.#verb}\u001b[K`)
  }

  end(): void {
    if (this.#isShown) this.#stderr.write('\r\u001b[K')
    this.#isShown = false
  }
}
