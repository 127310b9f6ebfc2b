import type { ClusterData } from './cluster-cells.ts'
import { KeyTable } from './key-table.ts'
import type { PairTable } from './pair-table.ts'

/** Pairs with fewer votes than this are not weighted up further: their few votes would drown the board in noise. */
const FEWEST_VOTES = 50

/**
 * Weights that make every pair of models count alike, whatever was sampled: 1 / max(n_ij, 50) per vote (arXiv
 * 2403.04132 eq. 7), scaled so that all votes together weigh what they did. One per row; both orders of a pair share it.
 */
export function inverseProbabilityWeights(table: PairTable): Float64Array {
  const votes = (r: number) => (table.win[r] ?? 0) + (table.loss[r] ?? 0) + (table.tie[r] ?? 0)
  const pairs = new KeyTable()
  const rowPair = Int32Array.from({ length: table.rows }, (_, r) => {
    const [i, j] = [table.first[r] ?? 0, table.second[r] ?? 0]
    return pairs.add(Math.min(i, j), Math.max(i, j))
  })
  const met = new Float64Array(pairs.size)
  rowPair.forEach((pair, r) => {
    met[pair] = (met[pair] ?? 0) + votes(r)
  })
  const raw = Float64Array.from(rowPair, (pair) => 1 / Math.max(met[pair] ?? 0, FEWEST_VOTES))
  let before = 0
  let after = 0
  raw.forEach((weight, r) => {
    before += votes(r)
    after += votes(r) * weight
  })
  return raw.map((weight) => (weight * before) / after)
}

/** A table whose votes weigh `weights[row]` times as much. */
export function reweighted(table: PairTable, weights: Float64Array): PairTable {
  const by = (column: Float64Array) => weights.map((weight, r) => weight * (column[r] ?? 0))
  const bySquare = (column: Float64Array) => weights.map((weight, r) => weight * weight * (column[r] ?? 0))
  return {
    ...table,
    win: by(table.win),
    loss: by(table.loss),
    tie: by(table.tie),
    winSquares: bySquare(table.winSquares),
    lossSquares: bySquare(table.lossSquares),
    tieSquares: bySquare(table.tieSquares),
  }
}

/** Clustered votes of a table whose votes weigh `weights[row]` times as much. */
export function reweightedClusters(data: ClusterData, weights: Float64Array): ClusterData {
  if ('code' in data) return { ...data, rowWeight: weights }
  const by = (column: Float64Array) => column.map((value, k) => value * (weights[data.row[k] ?? -1] ?? 0))
  return { ...data, votes: by(data.votes), score: by(data.score) }
}
