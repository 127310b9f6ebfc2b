import type { ModelTotals } from './board.ts'
import { ModelTally } from './model-tally.ts'
import { scoreOf, mirrored } from './outcome.ts'
import { unweighted, type PairTable } from './pair-table.ts'
import { PairTally } from './pair-tally.ts'
import { WITHDRAWN, type VoteColumns } from './vote-columns.ts'

/** Votes counted: by pair, by model, and where each battle's votes went. */
export interface VoteTally {
  readonly table: PairTable
  readonly totals: ModelTotals
  readonly votes: number
  /** Do rows keep who stood on side a? */
  readonly oriented: boolean
  /** Row by i · models + j, where a square of that size is kept: what `rowOf` says, without a call. */
  readonly rowIndex?: Int32Array | undefined
  /** The row that holds the votes of i (side a) against j; -1 when there are none. */
  readonly rowOf: (i: number, j: number) => number
}

/**
 * Which boards each vote belongs to. Vote v: `board[start[v]] … board[start[v + 1] − 1]`; without `start` just
 * `board[v]`, -1 for none.
 */
export interface Memberships {
  readonly boards: number
  readonly board: Int32Array
  readonly start?: Int32Array | undefined
}

/** Above this many models a dense square of counters costs more than hashing. */
const MOST_DENSE = 1024

/**
 * Counts votes into one tally per board, in one pass. Oriented tables keep who stood on side a.
 * Casts: indices come from the columns.
 */
export function tallyBoards(votes: VoteColumns, memberships: Memberships, oriented: boolean): VoteTally[] {
  const { boards, board, start } = memberships
  const counters = Array.from({ length: boards }, () => counterFor(votes, oriented))
  for (let v = 0; v < votes.length; v++) {
    const from = start ? (start[v] as number) : v
    const to = start ? (start[v + 1] as number) : v + 1
    for (let k = from; k < to; k++) counters[board[k] as number]?.count(v)
  }
  return counters.map((counter) => counter.tally())
}

/** Counts all votes into one tally. */
export function tallyVotes(votes: VoteColumns, oriented: boolean): VoteTally {
  const counter = counterFor(votes, oriented)
  counter.countAll()
  return counter.tally()
}

interface Counter {
  count(vote: number): void
  countAll(): void
  tally(): VoteTally
}

function counterFor(votes: VoteColumns, oriented: boolean): Counter {
  return votes.weight || votes.models > MOST_DENSE
    ? new HashCounter(votes, oriented)
    : new DenseCounter(votes, oriented)
}

/** Four counters for each ordered pair: no branch, no hash; folded at the end. */
class DenseCounter implements Counter {
  readonly #votes: VoteColumns
  readonly #oriented: boolean
  readonly #counts: Uint32Array

  constructor(votes: VoteColumns, oriented: boolean) {
    this.#votes = votes
    this.#oriented = oriented
    this.#counts = new Uint32Array(votes.models * votes.models * 4)
  }

  count(vote: number): void {
    const { a, b, outcome, models } = this.#votes
    const code = outcome[vote] as number
    if (code === WITHDRAWN) return
    const at = ((a[vote] as number) * models + (b[vote] as number)) * 4 + code
    this.#counts[at] = (this.#counts[at] as number) + 1
  }

  countAll(): void {
    const { a, b, outcome, models, length } = this.#votes
    const counts = this.#counts
    if (outcome.indexOf(WITHDRAWN) >= 0) {
      for (let v = 0; v < length; v++) this.count(v)
      return
    }
    for (let v = 0; v < length; v++) {
      const at = ((a[v] as number) * models + (b[v] as number)) * 4 + (outcome[v] as number)
      counts[at] = (counts[at] as number) + 1
    }
  }

  tally(): VoteTally {
    const { models } = this.#votes
    const rowIndex = new Int32Array(models * models).fill(-1)
    const { rows, first, second } = this.#numberRows(rowIndex)
    const win = new Float64Array(rows)
    const loss = new Float64Array(rows)
    const tie = new Float64Array(rows)
    const totals = emptyTotals(models)
    const { wins, losses, ties, bothBad } = totals
    let votes = 0
    for (let i = 0; i < models; i++) {
      for (let j = 0; j < models; j++) {
        const r = rowIndex[i * models + j] as number
        if (r < 0) continue
        const at = (i * models + j) * 4
        const won = this.#counts[at] as number
        const lost = this.#counts[at + 1] as number
        const tied = this.#counts[at + 2] as number
        const bad = this.#counts[at + 3] as number
        wins[i] = (wins[i] as number) + won
        losses[i] = (losses[i] as number) + lost
        ties[i] = (ties[i] as number) + tied
        bothBad[i] = (bothBad[i] as number) + bad
        wins[j] = (wins[j] as number) + lost
        losses[j] = (losses[j] as number) + won
        ties[j] = (ties[j] as number) + tied
        bothBad[j] = (bothBad[j] as number) + bad
        votes += won + lost + tied + bad
        const isMirrored = first[r] !== i
        win[r] = (win[r] as number) + (isMirrored ? lost : won)
        loss[r] = (loss[r] as number) + (isMirrored ? won : lost)
        tie[r] = (tie[r] as number) + tied + bad
      }
    }
    return {
      table: unweighted({ models, rows, first, second, win, loss, tie }),
      totals,
      votes,
      oriented: this.#oriented,
      rowIndex,
      rowOf: (i, j) => rowIndex[i * models + j] ?? -1,
    }
  }

  /** Numbers the pairs that met, in order of their models; folded, both orders of a pair share a number. */
  #numberRows(rowIndex: Int32Array): { rows: number; first: Int32Array; second: Int32Array } {
    const { models } = this.#votes
    const met = this.#pairsThatMet()
    const first = new Int32Array(models * models)
    const second = new Int32Array(models * models)
    let rows = 0
    for (let i = 0; i < models; i++) {
      for (let j = this.#oriented ? 0 : i + 1; j < models; j++) {
        const back = j * models + i
        const isMet = met[i * models + j] === 1
        const isMetBack = !this.#oriented && met[back] === 1
        if (!isMet && !isMetBack) continue
        if (isMet) rowIndex[i * models + j] = rows
        if (isMetBack) rowIndex[back] = rows
        first[rows] = i
        second[rows] = j
        rows++
      }
    }
    return { rows, first: first.slice(0, rows), second: second.slice(0, rows) }
  }

  #pairsThatMet(): Uint8Array {
    const counts = this.#counts
    const met = new Uint8Array(counts.length / 4)
    for (let pair = 0; pair < met.length; pair++) {
      const at = 4 * pair
      const either = (counts[at] as number) | (counts[at + 1] as number)
      if ((either | (counts[at + 2] as number) | (counts[at + 3] as number)) !== 0) met[pair] = 1
    }
    return met
  }
}

class HashCounter implements Counter {
  readonly #votes: VoteColumns
  readonly #pairs: PairTally
  readonly #totals = new ModelTally()
  #count = 0

  constructor(votes: VoteColumns, oriented: boolean) {
    this.#votes = votes
    this.#pairs = new PairTally(oriented)
  }

  count(vote: number): void {
    const { a, b, outcome, weight } = this.#votes
    const code = outcome[vote] as number
    const w = weight ? (weight[vote] as number) : 1
    if (code === WITHDRAWN || w === 0) return
    const i = a[vote] as number
    const j = b[vote] as number
    this.#pairs.count(this.#pairs.rowOf(i, j), scoreOf(this.#pairs.isMirrored(i, j) ? mirrored(code) : code), w, 1)
    this.#totals.count(i, j, code, 1)
    this.#count++
  }

  countAll(): void {
    for (let v = 0; v < this.#votes.length; v++) this.count(v)
  }

  tally(): VoteTally {
    return {
      table: this.#pairs.table(this.#votes.models),
      totals: this.#totals,
      votes: this.#count,
      oriented: this.#pairs.oriented,
      rowOf: (i, j) => this.#pairs.find(i, j),
    }
  }
}

/** How one side fared against another, in votes. */
export interface Record {
  readonly won: number
  readonly lost: number
  readonly tied: number
  readonly bad: number
}

export function emptyTotals(models: number): ModelTotals {
  return {
    wins: new Float64Array(models),
    losses: new Float64Array(models),
    ties: new Float64Array(models),
    bothBad: new Float64Array(models),
  }
}

/** Adds the votes of i against j to the totals of both. */
export function addTotals({ wins, losses, ties, bothBad }: ModelTotals, i: number, j: number, record: Record): void {
  const { won, lost, tied, bad } = record
  wins[i] = (wins[i] as number) + won
  losses[i] = (losses[i] as number) + lost
  ties[i] = (ties[i] as number) + tied
  bothBad[i] = (bothBad[i] as number) + bad
  wins[j] = (wins[j] as number) + lost
  losses[j] = (losses[j] as number) + won
  ties[j] = (ties[j] as number) + tied
  bothBad[j] = (bothBad[j] as number) + bad
}
