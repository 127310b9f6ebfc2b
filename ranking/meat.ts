import { mirrorLower } from './cholesky.ts'
import { SparseScore } from './sparse-score.ts'
import { addExtraPrecision, TIE, type TableLikelihood, type VoteScores } from './likelihood.ts'

/** Casts in this file: indices are below the size of the tables and matrices they were made for. */

/**
 * The "meat" of the robust covariance, each vote on its own: the sum of squared weight × score × scoreᵀ over votes,
 * for Bradley–Terry Σ [w(1−p)² + l p² + t(½−p)²] e eᵀ (Huber 1967; White 1982; Chatbot Arena, arXiv 2403.04132 §5).
 * Rows that touch a provisional model, whose votes all point one way, count with their model variance, and the prior
 * adds its own.
 */
export function voteMeat(system: TableLikelihood): Float64Array {
  const { table, size } = system
  const meat = new Float64Array(size * size)
  const strength = system.strengthScores()
  const tie = system.tieScores() ?? NO_SCORES
  for (let r = 0; r < table.rows; r++) {
    if (!isCoreRow(system, r)) continue
    const sums = { direct: 0, cross: 0, tie: 0 }
    addSquares(sums, table.winSquares[r] as number, strength.win[r] as number, tie.win[r] ?? 0)
    addSquares(sums, table.lossSquares[r] as number, strength.loss[r] as number, tie.loss[r] ?? 0)
    addSquares(sums, table.tieSquares[r] as number, strength.tie[r] as number, tie.tie[r] ?? 0)
    addRow(meat, system, r, sums)
  }
  addPriorMeat(meat, system)
  mirrorLower(meat, size)
  return meat
}

const NO_SCORES: VoteScores = { win: new Float64Array(0), loss: new Float64Array(0), tie: new Float64Array(0) }

interface ScoreSquares {
  direct: number
  cross: number
  tie: number
}

function addSquares(sums: ScoreSquares, weight: number, strength: number, tie: number): void {
  sums.direct += weight * strength * strength
  sums.cross += weight * strength * tie
  sums.tie += weight * tie * tie
}

/** Is this row's pair free of provisional models? */
function isCoreRow({ prior, table }: TableLikelihood, r: number): boolean {
  return prior.isIdle || (prior.isCore(table.first[r] as number) && prior.isCore(table.second[r] as number))
}

/** Votes gathered by cluster (voter, item): cluster c holds the cells start[c] … start[c + 1] − 1. */
export interface ClusterCells {
  readonly start: Int32Array
  /** Row of the pair table that a cell belongs to, or -1 for none. */
  readonly row: Int32Array
  /** Weight of its votes, and their half-win score from the point of view of the row's first model. */
  readonly votes: Float64Array
  readonly score: Float64Array
  /** Weight of the ties among them; only the ties models need it. */
  readonly tie?: Float64Array | undefined
}

/**
 * The meat when votes of one cluster hang together: G/(G−1) Σ_c g_c g_cᵀ, g_c = Σ (s − n p) e over the cells of
 * cluster c (Liang & Zeger 1986). O(cells + Σ_c models(c)²). `clusters` counts those that voted among the core.
 */
export function clusteredMeat(system: TableLikelihood, cells: ClusterCells): { meat: Float64Array; clusters: number } {
  const { size, models, table, extras } = system
  const meat = new Float64Array(size * size)
  const score = new SparseScore(models, size)
  const strength = system.strengthScores()
  const ties = system.tieScores() ?? NO_SCORES
  const core = Uint8Array.from({ length: table.rows }, (_, r) => (isCoreRow(system, r) ? 1 : 0))
  let clusters = 0
  for (let c = 0; c + 1 < cells.start.length; c++) {
    const end = cells.start[c + 1] as number
    for (let k = cells.start[c] as number; k < end; k++) {
      const r = cells.row[k] as number
      if (r < 0 || core[r] === 0) continue
      const outcomes = { win: 0, loss: 0, tie: cells.tie ? (cells.tie[k] as number) : 0 }
      outcomes.win = (cells.score[k] as number) - outcomes.tie / 2
      outcomes.loss = (cells.votes[k] as number) - outcomes.win - outcomes.tie
      const residual = scoreAt(strength, r, outcomes)
      score.add(table.first[r] as number, table.second[r] as number, residual)
      for (const { name, index } of extras) score.addExtra(index, name === TIE ? scoreAt(ties, r, outcomes) : residual)
    }
    if (score.addOuterProduct(meat)) clusters++
  }
  scaleForClusters(meat, clusters)
  addPriorMeat(meat, system)
  mirrorLower(meat, size)
  return { meat, clusters }
}

/** G / (G − 1): the scores of the clusters sum to 0, which costs one of them. */
export function scaleForClusters(meat: Float64Array, clusters: number): void {
  if (clusters < 2) return
  const correction = clusters / (clusters - 1)
  for (let k = 0; k < meat.length; k++) meat[k] = (meat[k] as number) * correction
}

function scoreAt(
  scores: VoteScores,
  r: number,
  { win, loss, tie }: { win: number; loss: number; tie: number },
): number {
  return win * (scores.win[r] as number) + loss * (scores.loss[r] as number) + tie * (scores.tie[r] as number)
}

function addPriorMeat(lower: Float64Array, system: TableLikelihood): void {
  const { table, prior, size } = system
  addExtraPrecision(system, lower)
  if (prior.isIdle) return
  for (let r = 0; r < table.rows; r++) {
    if (isCoreRow(system, r)) continue
    const votes = (table.win[r] as number) + (table.loss[r] as number) + (table.tie[r] as number)
    const squares = (table.winSquares[r] as number) + (table.lossSquares[r] as number) + (table.tieSquares[r] as number)
    addRow(lower, system, r, { direct: ((system.information[r] as number) * squares) / votes, cross: 0, tie: 0 })
  }
  prior.addMatrix(lower, size)
}

/** Adds one row's score squares to a lower triangle; the side parameter shares the scores of the strengths. */
function addRow(lower: Float64Array, system: TableLikelihood, r: number, { direct, cross, tie }: ScoreSquares): void {
  const { size, table } = system
  const i = table.first[r] as number
  const j = table.second[r] as number
  const add = (x: number, y: number, value: number) => {
    const at = x > y ? x * size + y : y * size + x
    lower[at] = (lower[at] as number) + value
  }
  add(i, i, direct)
  add(j, j, direct)
  add(i, j, -direct)
  for (const { name, index } of system.extras) {
    const shared = name === TIE ? cross : direct
    add(index, i, shared)
    add(index, j, -shared)
    add(index, index, name === TIE ? tie : direct)
  }
  if (system.extras.length === 2) add(system.models, system.models + 1, cross)
}
