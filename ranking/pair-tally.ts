import { grownFloats } from './growing.ts'
import { KeyTable } from './key-table.ts'
import type { PairTable } from './pair-table.ts'

/** Sums of one outcome by row: of weights, and of squared weights. */
interface Sums {
  weights: Float64Array
  squares: Float64Array
}

/**
 * A pair table that votes are added to and taken from one at a time. Oriented: rows keep who stood on side a, which
 * the side effect needs; otherwise the two orders of a pair share a row. Casts: rows are below the capacity.
 */
export class PairTally {
  readonly oriented: boolean
  readonly #keys = new KeyTable()
  #capacity = 0
  #votes: Float64Array = new Float64Array(0)
  readonly #win: Sums = { weights: new Float64Array(0), squares: new Float64Array(0) }
  readonly #loss: Sums = { weights: new Float64Array(0), squares: new Float64Array(0) }
  readonly #tie: Sums = { weights: new Float64Array(0), squares: new Float64Array(0) }
  #isWeighted = false

  constructor(oriented: boolean) {
    this.oriented = oriented
  }

  /** The row of the battle i (side a) against j, made now when new. */
  rowOf(i: number, j: number): number {
    const row = this.isMirrored(i, j) ? this.#keys.add(j, i) : this.#keys.add(i, j)
    if (row >= this.#capacity) this.#widen(row + 1)
    return row
  }

  /** The row of the battle i (side a) against j, or -1 when there is none. */
  find(i: number, j: number): number {
    return this.isMirrored(i, j) ? this.#keys.find(j, i) : this.#keys.find(i, j)
  }

  /** Is the model on side a the second of its row? */
  isMirrored(i: number, j: number): boolean {
    return !this.oriented && i > j
  }

  /**
   * Adds (sign 1) or takes away (sign −1) a vote with this half-win score for the first model of the row. A row whose
   * last vote goes is set to exactly 0, whatever rounding left.
   */
  count(row: number, score: number, weight: number, sign: 1 | -1): void {
    if (weight !== 1) this.#isWeighted = true
    const { weights, squares } = score === 1 ? this.#win : score === 0 ? this.#loss : this.#tie
    weights[row] = (weights[row] as number) + sign * weight
    squares[row] = (squares[row] as number) + sign * weight * weight
    const votes = (this.#votes[row] as number) + sign
    this.#votes[row] = votes
    if (votes === 0) this.#clear(row)
  }

  /** Adds counts of unit votes of i (side a) against j. */
  addCounts(i: number, j: number, { win, loss, tie }: { win: number; loss: number; tie: number }): void {
    const row = this.rowOf(i, j)
    const isMirrored = this.isMirrored(i, j)
    addCount(this.#win, row, isMirrored ? loss : win)
    addCount(this.#loss, row, isMirrored ? win : loss)
    addCount(this.#tie, row, tie)
    this.#votes[row] = (this.#votes[row] as number) + win + loss + tie
  }

  /** The table as it stands, a view: it changes with the next vote. */
  table(models: number): PairTable {
    const { size: rows, first, second } = this.#keys
    const win = this.#win.weights
    const loss = this.#loss.weights
    const tie = this.#tie.weights
    return {
      models,
      rows,
      first,
      second,
      win,
      loss,
      tie,
      winSquares: this.#isWeighted ? this.#win.squares : win,
      lossSquares: this.#isWeighted ? this.#loss.squares : loss,
      tieSquares: this.#isWeighted ? this.#tie.squares : tie,
    }
  }

  #clear(row: number): void {
    for (const sums of [this.#win, this.#loss, this.#tie]) {
      sums.weights[row] = 0
      sums.squares[row] = 0
    }
  }

  #widen(needed: number): void {
    this.#votes = grownFloats(this.#votes, needed)
    this.#capacity = this.#votes.length
    for (const sums of [this.#win, this.#loss, this.#tie]) {
      sums.weights = grownFloats(sums.weights, this.#capacity)
      sums.squares = grownFloats(sums.squares, this.#capacity)
    }
  }
}

/** n votes of weight 1: the squares of their weights sum to n as well. */
function addCount({ weights, squares }: Sums, row: number, count: number): void {
  weights[row] = (weights[row] as number) + count
  squares[row] = (squares[row] as number) + count
}
