import { mirrorLower } from './cholesky.ts'
import { TIE, type TableLikelihood, type VoteScores } from './likelihood.ts'

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
  readonly tie?: Float64Array
}

/**
 * The meat when votes of one cluster hang together: G/(G−1) Σ_c g_c g_cᵀ, g_c = Σ (s − n p) e over the cells of
 * cluster c (Liang & Zeger 1986). O(cells + Σ_c models(c)²). `clusters` counts those that voted among the core.
 */
export function clusteredMeat(system: TableLikelihood, cells: ClusterCells): { meat: Float64Array; clusters: number } {
  const { size } = system
  const meat = new Float64Array(size * size)
  const scores = new ClusterScores(system)
  let clusters = 0
  for (let c = 0; c + 1 < cells.start.length; c++) {
    if (scores.addOuterProduct(meat, cells, cells.start[c] as number, cells.start[c + 1] as number)) clusters++
  }
  const correction = clusters > 1 ? clusters / (clusters - 1) : 1
  for (let k = 0; k < meat.length; k++) meat[k] = (meat[k] as number) * correction
  addPriorMeat(meat, system)
  mirrorLower(meat, size)
  return { meat, clusters }
}

/** The score vector of one cluster at a time, sparse: most voters meet few of the models. */
class ClusterScores {
  readonly #system: TableLikelihood
  readonly #strength: VoteScores
  readonly #tie: VoteScores | undefined
  readonly #isCoreRow: Uint8Array
  readonly #score: Float64Array
  readonly #isTouched: Uint8Array
  readonly #touched: Int32Array
  readonly #values: Float64Array

  constructor(system: TableLikelihood) {
    this.#system = system
    this.#strength = system.strengthScores()
    this.#tie = system.tieScores()
    this.#isCoreRow = Uint8Array.from({ length: system.table.rows }, (_, r) => (isCoreRow(system, r) ? 1 : 0))
    this.#score = new Float64Array(system.size)
    this.#isTouched = new Uint8Array(system.models)
    this.#touched = new Int32Array(system.size)
    this.#values = new Float64Array(system.size)
  }

  /** Adds g gᵀ of the cells from … to − 1 to a lower triangle; false when none of them lies in the core. */
  addOuterProduct(lower: Float64Array, cells: ClusterCells, from: number, to: number): boolean {
    const count = this.#gather(cells, from, to)
    if (count === 0) return false
    const { size } = this.#system
    const touched = this.#touched
    const values = this.#values
    for (let a = 0; a < count; a++) {
      const row = (touched[a] as number) * size
      const factor = values[a] as number
      for (let b = 0; b <= a; b++) {
        const at = row + (touched[b] as number)
        lower[at] = (lower[at] as number) + factor * (values[b] as number)
      }
    }
    return true
  }

  /** Fills touched (ascending) and values with the non-zero part of the score vector and returns its length. */
  #gather(cells: ClusterCells, from: number, to: number): number {
    const { first, second } = this.#system.table
    const { win, loss, tie } = this.#strength
    const score = this.#score
    let sideScore = 0
    let tieScore = 0
    let count = 0
    for (let k = from; k < to; k++) {
      const r = cells.row[k] as number
      if (r < 0 || this.#isCoreRow[r] === 0) continue
      const i = first[r] as number
      const j = second[r] as number
      count = this.#touch(i, count)
      count = this.#touch(j, count)
      const t = cells.tie ? (cells.tie[k] as number) : 0
      const w = (cells.score[k] as number) - t / 2
      const l = (cells.votes[k] as number) - w - t
      const residual = w * (win[r] as number) + l * (loss[r] as number) + t * (tie[r] as number)
      score[i] = (score[i] as number) + residual
      score[j] = (score[j] as number) - residual
      sideScore += residual
      if (this.#tie) {
        const { win: winTie, loss: lossTie, tie: tieTie } = this.#tie
        tieScore += w * (winTie[r] as number) + l * (lossTie[r] as number) + t * (tieTie[r] as number)
      }
    }
    if (count === 0) return 0
    this.#sortTouched(count)
    for (let k = 0; k < count; k++) {
      const i = this.#touched[k] as number
      this.#values[k] = score[i] as number
      score[i] = 0
      this.#isTouched[i] = 0
    }
    for (const { name, index } of this.#system.extras) {
      this.#touched[count] = index
      this.#values[count] = name === TIE ? tieScore : sideScore
      count++
    }
    return count
  }

  #touch(model: number, count: number): number {
    if (this.#isTouched[model] === 1) return count
    this.#isTouched[model] = 1
    this.#touched[count] = model
    return count + 1
  }

  /** Ascending order: by insertion when few, by a scan of the marks when many. */
  #sortTouched(count: number): void {
    const touched = this.#touched
    if (count * count < 4 * this.#system.models) {
      touched.subarray(0, count).sort()
      return
    }
    let at = 0
    for (let i = 0; i < this.#system.models; i++) if (this.#isTouched[i] === 1) touched[at++] = i
  }
}

function addPriorMeat(lower: Float64Array, system: TableLikelihood): void {
  const { table, prior, size } = system
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
