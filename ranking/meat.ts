import { mirrorLower } from './symmetric-products.ts'
import type { ClusterCells, ClusterData, ClusteredVotes } from './cluster-cells.ts'
import { votesByModel } from './pair-table.ts'
import { SparseScore } from './sparse-score.ts'
import { addExtraPrecision, SIDE, TIE, type TableLikelihood, type VoteScores } from './likelihood.ts'

/** Casts in this file: indices are below the size of the tables and matrices they were made for. */

/**
 * The "meat" of the robust covariance, each vote on its own: the sum of squared weight × score × scoreᵀ over votes,
 * for Bradley–Terry Σ [w(1−p)² + l p² + t(½−p)²] e eᵀ (Huber 1967; White 1982; Chatbot Arena, arXiv 2403.04132 §5).
 * Rows that touch a provisional model, whose votes all point one way, count with their model variance, and the prior
 * adds its own.
 */
export function voteMeat(system: TableLikelihood): Float64Array {
  const { table, size } = system
  const { winSquares, lossSquares, tieSquares } = table
  const meat = new Float64Array(size * size)
  const strength = system.strengthScores()
  const ties = system.tieScores()
  for (let r = 0; r < table.rows; r++) {
    if (!isCoreRow(system, r)) continue
    const win = (winSquares[r] as number) * (strength.win[r] as number)
    const loss = (lossSquares[r] as number) * (strength.loss[r] as number)
    const tie = (tieSquares[r] as number) * (strength.tie[r] as number)
    const direct =
      win * (strength.win[r] as number) + loss * (strength.loss[r] as number) + tie * (strength.tie[r] as number)
    addRow(meat, system, r, direct)
    if (ties) addTieRow(meat, system, r, ties)
  }
  addPriorMeat(meat, system)
  mirrorLower(meat, size)
  return meat
}

/** Is this row's pair free of provisional models? */
function isCoreRow({ prior, table }: TableLikelihood, r: number): boolean {
  return prior.isIdle || (prior.isCore(table.first[r] as number) && prior.isCore(table.second[r] as number))
}

/**
 * The meat when votes of one cluster hang together: G/(G−1) Σ_c g_c g_cᵀ, g_c = Σ (s − n p) e over the votes of
 * cluster c (Liang & Zeger 1986). O(votes or cells + Σ_c models(c)²). `clusters` counts those that voted among the core.
 */
export function clusteredMeat(system: TableLikelihood, data: ClusterData): { meat: Float64Array; clusters: number } {
  const { size, models } = system
  const sum = new Float64Array(size * size)
  const score = new SparseScore(models, size)
  const place = placesByVotes(system)
  const addCluster =
    'code' in data ? voteAdder(system, data, { score, place }) : cellAdder(system, data, { score, place })
  let clusters = 0
  for (let c = 0; c + 1 < data.start.length; c++) {
    addCluster(data.start[c] as number, data.start[c + 1] as number)
    if (score.addOuterProduct(sum)) clusters++
  }
  scaleForClusters(sum, clusters)
  mirrorLower(sum, size)
  const meat = replaced(sum, size, place)
  addPriorMeat(meat, system)
  mirrorLower(meat, size)
  return { meat, clusters }
}

/**
 * Models numbered from the most voted one down: most products then fall into one corner of the matrix, which stays in
 * cache. Three times as fast for many voters and models of uneven popularity.
 */
function placesByVotes({ table, models, size }: TableLikelihood): Int32Array {
  const votes = votesByModel(table)
  const order = Array.from({ length: models }, (_, i) => i).sort((x, y) => (votes[y] as number) - (votes[x] as number))
  const place = Int32Array.from({ length: size }, (_, i) => i)
  order.forEach((model, k) => {
    place[model] = k
  })
  return place
}

/** A symmetric matrix with row and column place[i] moved to i. */
function replaced(matrix: Float64Array, size: number, place: Int32Array): Float64Array {
  const out = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    const row = (place[i] as number) * size
    for (let j = 0; j < size; j++) out[i * size + j] = matrix[row + (place[j] as number)] as number
  }
  return out
}

/** G / (G − 1): the scores of the clusters sum to 0, which costs one of them. */
export function scaleForClusters(meat: Float64Array, clusters: number): void {
  if (clusters < 2) return
  const correction = clusters / (clusters - 1)
  for (let k = 0; k < meat.length; k++) meat[k] = (meat[k] as number) * correction
}

type ClusterAdder = (from: number, to: number) => void

interface ScorePlaces {
  readonly score: SparseScore
  /** Where each model's score goes. */
  readonly place: Int32Array
}

/** Adds the scores of votes, looked up by row and outcome. */
function voteAdder(
  system: TableLikelihood,
  { code, weight, rowWeight }: ClusteredVotes,
  { score, place }: ScorePlaces,
): ClusterAdder {
  const first = system.table.first.map((model) => place[model] as number)
  const second = system.table.second.map((model) => place[model] as number)
  const strength = byCode(system, system.strengthScores(), rowWeight)
  const tieScores = system.tieScores()
  const ties = tieScores && byCode(system, tieScores, rowWeight)
  const extras = extraIndices(system)
  return (from, to) => {
    let sideSum = 0
    let tieSum = 0
    for (let k = from; k < to; k++) {
      const packed = code[k] as number
      if (packed < 0) continue
      let residual = strength[packed] as number
      if (Number.isNaN(residual)) continue
      if (weight) residual *= weight[k] as number
      const r = packed >> 2
      score.add(first[r] as number, second[r] as number, residual)
      sideSum += residual
      if (ties) tieSum += (ties[packed] as number) * (weight ? (weight[k] as number) : 1)
    }
    if (extras.side >= 0) score.addExtra(extras.side, sideSum)
    if (extras.tie >= 0) score.addExtra(extras.tie, tieSum)
  }
}

/** Scores by 4 · row + outcome; NaN for rows with provisional models, which say nothing about spread. */
function byCode(system: TableLikelihood, scores: VoteScores, rowWeight: Float64Array | undefined): Float64Array {
  const table = new Float64Array(4 * system.table.rows).fill(Number.NaN)
  for (let r = 0; r < system.table.rows; r++) {
    if (!isCoreRow(system, r)) continue
    const factor = rowWeight ? (rowWeight[r] as number) : 1
    table[4 * r] = factor * (scores.win[r] as number)
    table[4 * r + 1] = factor * (scores.loss[r] as number)
    table[4 * r + 2] = factor * (scores.tie[r] as number)
  }
  return table
}

/** Adds the scores of cells. Half-win scores suffice for Bradley–Terry: its score is linear in them. */
function cellAdder(
  system: TableLikelihood,
  { row, votes, score: half }: ClusterCells,
  { score, place }: ScorePlaces,
): ClusterAdder {
  if (system.tieScores()) throw new Error('cells of half-win scores do not say how many ties there were')
  const { table } = system
  const { win, loss } = system.strengthScores()
  const core = Uint8Array.from({ length: table.rows }, (_, r) => (isCoreRow(system, r) ? 1 : 0))
  const extras = extraIndices(system)
  return (from, to) => {
    let sideSum = 0
    for (let k = from; k < to; k++) {
      const r = row[k] as number
      if (r < 0 || core[r] === 0) continue
      const won = half[k] as number
      const residual = won * (win[r] as number) + ((votes[k] as number) - won) * (loss[r] as number)
      score.add(place[table.first[r] as number] as number, place[table.second[r] as number] as number, residual)
      sideSum += residual
    }
    if (extras.side >= 0) score.addExtra(extras.side, sideSum)
  }
}

function extraIndices({ extras }: TableLikelihood): { side: number; tie: number } {
  const indexOf = (wanted: string) => extras.find(({ name }) => name === wanted)?.index ?? -1
  return { side: indexOf(SIDE), tie: indexOf(TIE) }
}

function addPriorMeat(lower: Float64Array, system: TableLikelihood): void {
  const { table, prior, size } = system
  addExtraPrecision(system, lower)
  if (prior.isIdle) return
  for (let r = 0; r < table.rows; r++) {
    if (isCoreRow(system, r)) continue
    const votes = (table.win[r] as number) + (table.loss[r] as number) + (table.tie[r] as number)
    const squares = (table.winSquares[r] as number) + (table.lossSquares[r] as number) + (table.tieSquares[r] as number)
    addRow(lower, system, r, ((system.information[r] as number) * squares) / votes)
  }
  prior.addMatrix(lower, size)
}

/** Adds value · x xᵀ to a lower triangle, x = e_first − e_second + e_side. */
function addRow(lower: Float64Array, { size, models, table, extras }: TableLikelihood, r: number, value: number): void {
  const i = table.first[r] as number
  const j = table.second[r] as number
  addTo(lower, i * size + i, value)
  addTo(lower, j * size + j, value)
  addTo(lower, i > j ? i * size + j : j * size + i, -value)
  const last = extras.at(-1)
  if (last === undefined || last.name !== SIDE) return
  const side = models + extras.length - 1
  addTo(lower, side * size + i, value)
  addTo(lower, side * size + j, -value)
  addTo(lower, side * size + side, value)
}

/** Adds what the tie parameter, always the first extra, has in common with the rest and with itself. */
function addTieRow(lower: Float64Array, system: TableLikelihood, r: number, ties: VoteScores): void {
  const { size, models, table, extras } = system
  const strength = system.strengthScores()
  let cross = 0
  let own = 0
  for (const outcome of ['win', 'loss', 'tie'] as const) {
    const squares = table[`${outcome}Squares`][r] as number
    const score = ties[outcome][r] as number
    cross += squares * score * (strength[outcome][r] as number)
    own += squares * score * score
  }
  const row = models * size
  addTo(lower, row + (table.first[r] as number), cross)
  addTo(lower, row + (table.second[r] as number), -cross)
  addTo(lower, row + models, own)
  if (extras.length > 1) addTo(lower, row + size + models, cross)
}

function addTo(array: Float64Array, at: number, value: number): void {
  array[at] = (array[at] as number) + value
}
