import type { BradleyTerrySystem } from './bradley-terry-system.ts'
import { mirrorLower } from './cholesky.ts'
import type { PairTable } from './pair-table.ts'

/** Casts in this file: indices are below the size of the tables and matrices they were made for. */

/**
 * The "meat" of the robust covariance, each vote on its own: Σ [w(1−p)² + l p² + t(½−p)²] e eᵀ over rows, weights
 * squared (Huber 1967; White 1982; Chatbot Arena, arXiv 2403.04132 §5). Rows that touch a provisional model, whose
 * votes all point one way, count with their model variance n p (1 − p), and the prior adds its own.
 */
export function voteMeat(table: PairTable, system: BradleyTerrySystem): Float64Array {
  const meat = new Float64Array(system.size * system.size)
  for (let r = 0; r < table.rows; r++) {
    if (!system.isCoreRow(r)) continue
    const p = system.probability[r] as number
    const variance =
      (table.winSquares[r] as number) * (1 - p) * (1 - p) +
      (table.lossSquares[r] as number) * p * p +
      (table.tieSquares[r] as number) * (0.5 - p) * (0.5 - p)
    addRow(meat, table, system, r, variance)
  }
  addPriorMeat(meat, table, system)
  mirrorLower(meat, system.size)
  return meat
}

/** Votes gathered by cluster (voter, item): cluster c holds the cells start[c] … start[c + 1] − 1. */
export interface ClusterCells {
  readonly start: Int32Array
  /** Row of the pair table that a cell belongs to, or -1 for none. */
  readonly row: Int32Array
  /** Weight of its votes, and their half-win score from the point of view of the row's first model. */
  readonly votes: Float64Array
  readonly score: Float64Array
}

/**
 * The meat when votes of one cluster hang together: G/(G−1) Σ_c g_c g_cᵀ, g_c = Σ (s − n p) e over the cells of
 * cluster c (Liang & Zeger 1986). O(cells + Σ_c models(c)²). `clusters` counts those that voted among the core.
 */
export function clusteredMeat(
  table: PairTable,
  system: BradleyTerrySystem,
  cells: ClusterCells,
): { meat: Float64Array; clusters: number } {
  const { size } = system
  const meat = new Float64Array(size * size)
  const scores = new ClusterScores(table, system)
  let clusters = 0
  for (let c = 0; c + 1 < cells.start.length; c++) {
    if (scores.addOuterProduct(meat, cells, cells.start[c] as number, cells.start[c + 1] as number)) clusters++
  }
  const correction = clusters > 1 ? clusters / (clusters - 1) : 1
  for (let k = 0; k < meat.length; k++) meat[k] = (meat[k] as number) * correction
  addPriorMeat(meat, table, system)
  mirrorLower(meat, size)
  return { meat, clusters }
}

/** The score vector of one cluster at a time, sparse: most voters meet few of the models. */
class ClusterScores {
  readonly #table: PairTable
  readonly #system: BradleyTerrySystem
  readonly #isCoreRow: Uint8Array
  readonly #score: Float64Array
  readonly #isTouched: Uint8Array
  readonly #touched: Int32Array
  readonly #values: Float64Array

  constructor(table: PairTable, system: BradleyTerrySystem) {
    this.#table = table
    this.#system = system
    this.#isCoreRow = Uint8Array.from({ length: table.rows }, (_, r) => (system.isCoreRow(r) ? 1 : 0))
    this.#score = new Float64Array(system.models + 1)
    this.#isTouched = new Uint8Array(system.models + 1)
    this.#touched = new Int32Array(system.models + 1)
    this.#values = new Float64Array(system.models + 1)
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
    const { first, second } = this.#table
    const { probability, models, side } = this.#system
    const score = this.#score
    let sideScore = 0
    let count = 0
    for (let k = from; k < to; k++) {
      const r = cells.row[k] as number
      if (r < 0 || this.#isCoreRow[r] === 0) continue
      const i = first[r] as number
      const j = second[r] as number
      count = this.#touch(i, count)
      count = this.#touch(j, count)
      const residual = (cells.score[k] as number) - (cells.votes[k] as number) * (probability[r] as number)
      score[i] = (score[i] as number) + residual
      score[j] = (score[j] as number) - residual
      sideScore += residual
    }
    if (count === 0) return 0
    this.#sortTouched(count)
    for (let k = 0; k < count; k++) {
      const i = this.#touched[k] as number
      this.#values[k] = score[i] as number
      score[i] = 0
      this.#isTouched[i] = 0
    }
    if (!side) return count
    this.#touched[count] = models
    this.#values[count] = sideScore
    return count + 1
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

function addPriorMeat(lower: Float64Array, table: PairTable, system: BradleyTerrySystem): void {
  if (system.coreSize === system.models) return
  for (let r = 0; r < table.rows; r++) {
    if (!system.isCoreRow(r)) addRow(lower, table, system, r, modelVariance(table, system, r))
  }
  system.addPriorMatrix(lower)
}

function modelVariance(table: PairTable, system: BradleyTerrySystem, r: number): number {
  const p = system.probability[r] as number
  const squares =
    (table.winSquares[r] as number) + (table.lossSquares[r] as number) + (table.tieSquares[r] as number)
  return squares * p * (1 - p)
}

/** Adds variance · (e_i − e_j + e_side)(…)ᵀ to a lower triangle. */
function addRow(
  lower: Float64Array,
  table: PairTable,
  system: BradleyTerrySystem,
  r: number,
  variance: number,
): void {
  const { size, models } = system
  const i = table.first[r] as number
  const j = table.second[r] as number
  const cross = i > j ? i * size + j : j * size + i
  lower[i * size + i] = (lower[i * size + i] as number) + variance
  lower[j * size + j] = (lower[j * size + j] as number) + variance
  lower[cross] = (lower[cross] as number) - variance
  if (!system.side) return
  const last = models * size
  lower[last + i] = (lower[last + i] as number) + variance
  lower[last + j] = (lower[last + j] as number) - variance
  lower[last + models] = (lower[last + models] as number) + variance
}

