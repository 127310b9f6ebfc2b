import { grownInts } from './growing.ts'
import { DEFAULT_ELO, playElo, type EloOptions } from './online-elo.ts'
import { WITHDRAWN } from './vote-columns.ts'

/** Elo after every so many votes is kept, so that a withdrawn vote costs a short replay. */
const CHECKPOINT = 1 << 16

/** The votes of one board in order of arrival, 13 bytes each, and the online Elo that their order determines. */
export class VoteLog {
  length = 0
  #a: Int32Array = new Int32Array(0)
  #b: Int32Array = new Int32Array(0)
  #voter: Int32Array = new Int32Array(0)
  #outcome = new Uint8Array(0)
  readonly #options: EloOptions
  #played = 0
  #ratings: Float64Array = new Float64Array(0)
  /** Ratings after 0, CHECKPOINT, 2 · CHECKPOINT … votes. */
  #checkpoints: Float64Array[] = []

  constructor(options: EloOptions = DEFAULT_ELO) {
    this.#options = options
  }

  append(a: number, b: number, outcome: number, voter: number): void {
    const at = this.length
    if (at >= this.#outcome.length) this.#widen(at + 1)
    this.#a[at] = a
    this.#b[at] = b
    this.#voter[at] = voter
    this.#outcome[at] = outcome
    this.length = at + 1
  }

  /** Strikes out the latest such vote; false when there is none. */
  withdraw(a: number, b: number, outcome: number, voter: number): boolean {
    for (let at = this.length - 1; at >= 0; at--) {
      if (this.#outcome[at] !== outcome || this.#voter[at] !== voter) continue
      if (this.#a[at] !== a || this.#b[at] !== b) continue
      this.#outcome[at] = WITHDRAWN
      this.#rewind(at)
      return true
    }
    return false
  }

  /** Online Elo of `models` models after all votes. Costs only the votes since the last call. */
  elo(models: number): Float64Array {
    const { start } = this.#options
    const known = this.#ratings.length
    if (models > known) {
      this.#ratings = Float64Array.from({ length: models }, (_, i) => this.#ratings[i] ?? start)
    }
    while (this.#played < this.length) {
      if (this.#played % CHECKPOINT === 0) this.#checkpoints[this.#played / CHECKPOINT] = this.#ratings.slice()
      const to = Math.min(this.length, (Math.floor(this.#played / CHECKPOINT) + 1) * CHECKPOINT)
      playElo(
        this.#ratings,
        { a: this.#a, b: this.#b, outcome: this.#outcome },
        { ...this.#options, from: this.#played, to },
      )
      this.#played = to
    }
    return this.#ratings
  }

  #rewind(at: number): void {
    if (at >= this.#played) return
    const checkpoint = Math.floor(at / CHECKPOINT)
    const kept = this.#checkpoints[checkpoint] ?? new Float64Array(0)
    this.#ratings = this.#ratings.map((_, i) => kept[i] ?? this.#options.start)
    this.#played = checkpoint * CHECKPOINT
  }

  #widen(needed: number): void {
    this.#a = grownInts(this.#a, needed)
    this.#b = grownInts(this.#b, needed)
    this.#voter = grownInts(this.#voter, needed)
    const outcome = new Uint8Array(this.#a.length)
    outcome.set(this.#outcome)
    this.#outcome = outcome
  }
}
