import { mirrorLower } from './symmetric-products.ts'
import type { ClusterCells, ClusterData, ClusteredVotes } from './cluster-cells.ts'
import { scaleForClusters } from './meat.ts'
import type { PairTable } from './pair-table.ts'
import { POINTS_PER_LOGIT } from './scale.ts'
import { SparseScore } from './sparse-score.ts'

/**
 * The average win rate of every model of a component against a uniform opponent: the mean over the opponents it met of
 * the half-win share against each, w̄_i = Σ_j (s_ij / n_ij) / k_i. With sides, the share against an opponent is the
 * mean of the shares on either side, where both were seen.
 */
export interface WinRates {
  /** 0 … 1 by model of the component. */
  readonly shares: Float64Array
  /** On the usual scale: points of the log odds of the share, mean 0 over the component. */
  readonly ratings: Float64Array
  /** Covariance of the ratings, in squared points, by the delta method. */
  readonly covariance: Float64Array
}

/**
 * A model that won or lost every vote has no finite log odds: its share is moved half a vote towards the middle. A
 * handful of equal votes has no spread: to each variance that of one more vote is added, w̄ (1 − w̄) / (n (n + 1)).
 * `table` and `cells` use the component's own numbering. Casts: indices are below `models`.
 */
export function winRates(table: PairTable, cells?: ClusterData): WinRates {
  const { models } = table
  const influence = new PairShares(table)
  const shares = influence.shares()
  const votes = influence.votes
  const bounded = shares.map((share, i) => {
    if (votes[i] === 0) return 0.5
    const margin = 0.5 / ((votes[i] as number) + 1)
    return Math.min(1 - margin, Math.max(margin, share))
  })
  const slope = bounded.map((share) => POINTS_PER_LOGIT / (share * (1 - share)))
  const raw = bounded.map((share) => POINTS_PER_LOGIT * Math.log(share / (1 - share)))
  const mean = raw.reduce((sum, value) => sum + value, 0) / models
  const ofShares = cells ? influence.clusteredCovariance(cells) : influence.covariance()
  for (let i = 0; i < models; i++) {
    const share = bounded[i] as number
    const n = votes[i] as number
    const at = i * models + i
    if (n > 0) ofShares[at] = (ofShares[at] as number) + (share * (1 - share)) / (n * (n + 1))
  }
  return {
    shares,
    ratings: raw.map((rating) => rating - mean),
    covariance: centred(
      ofShares.map((value, k) => value * (slope[Math.floor(k / models)] as number) * (slope[k % models] as number)),
      models,
    ),
  }
}

/** The covariance of x − mean(x). */
function centred(covariance: Float64Array, size: number): Float64Array {
  const means = new Float64Array(size)
  for (let k = 0; k < covariance.length; k++) {
    const i = Math.floor(k / size)
    means[i] = (means[i] as number) + (covariance[k] as number) / size
  }
  const mean = means.reduce((sum, value) => sum + value, 0) / size
  return covariance.map(
    (value, k) => value - (means[Math.floor(k / size)] as number) - (means[k % size] as number) + mean,
  )
}

/** Shares by row, and how much one vote of a row counts in the average of its two models. */
class PairShares {
  readonly table: PairTable
  readonly votes: Float64Array
  /** Mean score of the first model by row. */
  readonly #share: Float64Array
  /** Part that the row has in the average of its first and of its second model. */
  readonly #partOfFirst: Float64Array
  readonly #partOfSecond: Float64Array

  constructor(table: PairTable) {
    this.table = table
    const { models, rows } = table
    this.votes = new Float64Array(models)
    const opponents = new Float64Array(models)
    const rowsOfPair = new Map<number, number>()
    const pairOf = (r: number) => {
      const i = table.first[r] as number
      const j = table.second[r] as number
      return Math.min(i, j) * models + Math.max(i, j)
    }
    for (let r = 0; r < rows; r++) {
      const n = this.#count(r)
      if (n === 0) continue
      const i = table.first[r] as number
      const j = table.second[r] as number
      this.votes[i] = (this.votes[i] as number) + n
      this.votes[j] = (this.votes[j] as number) + n
      const seen = rowsOfPair.get(pairOf(r)) ?? 0
      rowsOfPair.set(pairOf(r), seen + 1)
      if (seen > 0) continue
      opponents[i] = (opponents[i] as number) + 1
      opponents[j] = (opponents[j] as number) + 1
    }
    const part = (r: number, model: number) =>
      this.#count(r) > 0 ? 1 / ((rowsOfPair.get(pairOf(r)) ?? 1) * (opponents[model] as number)) : 0
    this.#share = Float64Array.from({ length: rows }, (_, r) => {
      const n = this.#count(r)
      return n > 0 ? ((table.win[r] as number) + (table.tie[r] as number) / 2) / n : 0.5
    })
    this.#partOfFirst = Float64Array.from({ length: rows }, (_, r) => part(r, table.first[r] as number))
    this.#partOfSecond = Float64Array.from({ length: rows }, (_, r) => part(r, table.second[r] as number))
  }

  shares(): Float64Array {
    const shares = new Float64Array(this.table.models)
    for (let r = 0; r < this.table.rows; r++) {
      const i = this.table.first[r] as number
      const j = this.table.second[r] as number
      const share = this.#share[r] as number
      shares[i] = (shares[i] as number) + share * (this.#partOfFirst[r] as number)
      shares[j] = (shares[j] as number) + (1 - share) * (this.#partOfSecond[r] as number)
    }
    return shares
  }

  /** Every vote on its own: the empirical variance of a row's scores over its votes. */
  covariance(): Float64Array {
    const { table } = this
    const { models } = table
    const covariance = new Float64Array(models * models)
    const add = (i: number, j: number, value: number) => {
      covariance[i * models + j] = (covariance[i * models + j] as number) + value
    }
    for (let r = 0; r < table.rows; r++) {
      const share = this.#share[r] as number
      const n = this.#count(r)
      if (n === 0) continue
      const variance =
        ((table.winSquares[r] as number) * (1 - share) ** 2 +
          (table.lossSquares[r] as number) * share ** 2 +
          (table.tieSquares[r] as number) * (0.5 - share) ** 2) /
        n ** 2
      const i = table.first[r] as number
      const j = table.second[r] as number
      const first = this.#partOfFirst[r] as number
      const second = this.#partOfSecond[r] as number
      add(i, i, variance * first * first)
      add(j, j, variance * second * second)
      add(i, j, -variance * first * second)
      add(j, i, -variance * first * second)
    }
    return covariance
  }

  clusteredCovariance(data: ClusterData): Float64Array {
    const { models, first, second } = this.table
    const covariance = new Float64Array(models * models)
    const score = new SparseScore(models, models)
    const residualOf = 'code' in data ? this.#voteResidual(data) : this.#cellResidual(data)
    let clusters = 0
    for (let c = 0; c + 1 < data.start.length; c++) {
      for (let k = data.start[c] as number; k < (data.start[c + 1] as number); k++) {
        const r = 'code' in data ? (data.code[k] as number) >> 2 : (data.row[k] as number)
        if (r < 0) continue
        const residual = residualOf(k, r) / this.#count(r)
        score.addTo(first[r] as number, residual * (this.#partOfFirst[r] as number))
        score.addTo(second[r] as number, -residual * (this.#partOfSecond[r] as number))
      }
      if (score.addOuterProduct(covariance)) clusters++
    }
    scaleForClusters(covariance, clusters)
    mirrorLower(covariance, models)
    return covariance
  }

  #voteResidual({ code, weight, rowWeight }: ClusteredVotes): (k: number, r: number) => number {
    return (k, r) => {
      const outcome = (code[k] as number) & 3
      const score = outcome === 0 ? 1 : outcome === 1 ? 0 : 0.5
      const factor = (weight ? (weight[k] as number) : 1) * (rowWeight ? (rowWeight[r] as number) : 1)
      return factor * (score - (this.#share[r] as number))
    }
  }

  #cellResidual({ score, votes }: ClusterCells): (k: number, r: number) => number {
    return (k, r) => (score[k] as number) - (votes[k] as number) * (this.#share[r] as number)
  }

  #count(r: number): number {
    return (this.table.win[r] as number) + (this.table.loss[r] as number) + (this.table.tie[r] as number)
  }
}
