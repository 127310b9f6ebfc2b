import { addTotals, emptyTotals, type VoteTally } from './vote-tally.ts'
import { PairTally } from './pair-tally.ts'

/** Counts of outcomes by pair, as a file of pair counts holds them. Rows of one pair, either way round, are added. */
export interface PairCounts {
  readonly models: number
  readonly length: number
  readonly a: Int32Array
  readonly b: Int32Array
  readonly winsA: Float64Array
  readonly winsB: Float64Array
  readonly ties: Float64Array
  readonly bothBad: Float64Array
}

/** A tally made of counts instead of votes. */
export function tallyPairs(counts: PairCounts, oriented: boolean): VoteTally {
  const pairs = new PairTally(oriented)
  const totals = emptyTotals(counts.models)
  let votes = 0
  for (let k = 0; k < counts.length; k++) {
    const i = counts.a[k] ?? 0
    const j = counts.b[k] ?? 0
    const record = {
      won: counts.winsA[k] ?? 0,
      lost: counts.winsB[k] ?? 0,
      tied: counts.ties[k] ?? 0,
      bad: counts.bothBad[k] ?? 0,
    }
    const { won, lost, tied, bad } = record
    if (won + lost + tied + bad === 0) continue
    addTotals(totals, i, j, record)
    pairs.addCounts(i, j, { win: won, loss: lost, tie: tied + bad })
    votes += won + lost + tied + bad
  }
  return { table: pairs.table(counts.models), totals, votes, oriented, rowOf: (i, j) => pairs.find(i, j) }
}
