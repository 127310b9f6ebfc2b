import { mirrorLower } from './symmetric-products.ts'
import type { ClusterOrder } from './cluster-cells.ts'
import type { CorePrior } from './core-prior.ts'
import { addExtraPrecision, addExtraPull, SIDE, type ExtraParameter, type Likelihood } from './likelihood.ts'
import { scaleForClusters } from './meat.ts'
import type { PairTable } from './pair-table.ts'
import { SparseScore } from './sparse-score.ts'
import { RowSums } from './style-sums.ts'
import type { StyleVotes } from './style-votes.ts'

/** What a pass over the votes sums besides the gradient: nothing, w = p (1 − p) or w = squared residuals. */
type Weighting = 'none' | 'information' | 'squares'
type RowChoice = 'all' | 'provisional'

/**
 * Bradley–Terry in which a vote also depends on how the two answers look: P(first better) = σ(θ_first − θ_second + γ +
 * cᵀz), ties as half wins (LMSYS, "Does style matter?", 2024). One pass over all votes per evaluation; what concerns
 * only the pair is summed per row, so a vote costs an exponential and its feature products. Points: θ, then γ if
 * `side`, then c. Unpenalised: a ridge on the mean loss, as elsewhere, shrinks c by the size of the log.
 *
 * Casts: rows and models are in range by construction.
 */
export class StyleSystem implements Likelihood {
  readonly prior: CorePrior
  readonly models: number
  readonly size: number
  readonly extras: readonly ExtraParameter[]
  readonly weight: number
  readonly extraPrecision: number
  readonly gradient: Float64Array
  readonly table: PairTable
  readonly #votes: StyleVotes
  /** Row of the sorted votes for each row of the table. */
  readonly #rows: Int32Array
  readonly #side: boolean
  #matrix: Float64Array

  constructor(
    table: PairTable,
    prior: CorePrior,
    {
      votes,
      rows,
      side,
      extraPrecision = 0,
    }: { votes: StyleVotes; rows: Int32Array; side: boolean; extraPrecision?: number },
  ) {
    this.table = table
    this.#votes = votes
    this.#rows = rows
    this.#side = side
    this.extraPrecision = extraPrecision
    this.prior = prior
    this.models = table.models
    const names = [...(side ? [SIDE] : []), ...votes.features]
    this.extras = names.map((name, k) => ({ name, index: table.models + k }))
    this.size = table.models + names.length
    this.gradient = new Float64Array(this.size)
    this.#matrix = new Float64Array(0)
    let weight = 0
    for (let r = 0; r < table.rows; r++) {
      weight += (table.win[r] as number) + (table.loss[r] as number) + (table.tie[r] as number)
    }
    this.weight = weight
  }

  evaluate(point: Float64Array): void {
    this.#matrix = this.#pass(point, 'information')
  }

  /** Like `evaluate`, but only the gradient is filled: half the work. */
  slope(point: Float64Array): void {
    this.#pass(point, 'none')
  }

  hessian(): Float64Array {
    const matrix = this.#matrix.slice()
    mirrorLower(matrix, this.size)
    this.prior.addMatrix(matrix, this.size)
    addExtraPrecision(this, matrix)
    return matrix
  }

  /** Σ r² x xᵀ over votes at a point. Of rows with provisional models the information counts, as in `meat.ts`. */
  meat(point: Float64Array): Float64Array {
    const matrix = this.#pass(point, 'squares')
    this.prior.addMatrix(matrix, this.size)
    addExtraPrecision(this, matrix)
    mirrorLower(matrix, this.size)
    return matrix
  }

  /** The same by cluster. */
  clusteredMeat(point: Float64Array, { start, order }: ClusterOrder): { meat: Float64Array; clusters: number } {
    const { place, halfWins, weight, z, features } = this.#votes
    const meat = this.prior.isIdle ? new Float64Array(this.size ** 2) : this.#pass(point, 'squares', 'provisional')
    const rowOfPlace = this.#rowOfPlace()
    const score = new SparseScore(this.models, this.size)
    const firstFeature = this.#firstFeature
    let clusters = 0
    for (let c = 0; c + 1 < start.length; c++) {
      for (let k = start[c] as number; k < (start[c + 1] as number); k++) {
        const at = place[order[k] as number] as number
        const r = at < 0 ? -1 : (rowOfPlace[at] as number)
        if (r < 0 || !this.#isCoreRow(r)) continue
        const i = this.table.first[r] as number
        const j = this.table.second[r] as number
        let eta = this.#offset(point, r)
        for (let f = 0; f < features.length; f++) {
          eta += (point[firstFeature + f] as number) * (z[4 * at + f] as number)
        }
        const factor = weight ? (weight[at] as number) : 1
        const residual = factor * ((halfWins[at] as number) / 2 - 1 / (1 + Math.exp(-eta)))
        score.add(i, j, residual)
        if (this.#side) score.addExtra(this.models, residual)
        for (let f = 0; f < features.length; f++) score.addExtra(firstFeature + f, residual * (z[4 * at + f] as number))
      }
      if (score.addOuterProduct(meat)) clusters++
    }
    scaleForClusters(meat, clusters)
    this.prior.addMatrix(meat, this.size)
    addExtraPrecision(this, meat)
    mirrorLower(meat, this.size)
    return { meat, clusters }
  }

  #isCoreRow(r: number): boolean {
    const { prior } = this
    if (prior.isIdle) return true
    return prior.isCore(this.table.first[r] as number) && prior.isCore(this.table.second[r] as number)
  }

  #offset(point: Float64Array, r: number): number {
    const difference =
      (point[this.table.first[r] as number] as number) - (point[this.table.second[r] as number] as number)
    return this.#side ? difference + (point[this.models] as number) : difference
  }

  #rowOfPlace(): Int32Array {
    const { start, halfWins } = this.#votes
    const rows = new Int32Array(halfWins.length).fill(-1)
    this.#rows.forEach((sorted, r) => rows.fill(r, start[sorted], start[sorted + 1]))
    return rows
  }

  /**
   * One pass: fills the gradient and returns the lower triangle of Σ w x xᵀ over these rows, w = p (1 − p) or, for
   * `squares` and rows without provisional models, the squared residual.
   */
  #pass(point: Float64Array, weighting: Weighting, rows: RowChoice = 'all'): Float64Array {
    const { size, gradient, table } = this
    const first = this.#firstFeature
    const sums = new RowSums(this.#votes, point.subarray(first, size))
    const matrix = weighting === 'none' ? EMPTY : new Float64Array(size * size)
    gradient.fill(0)
    for (let r = 0; r < table.rows; r++) {
      const isCore = this.#isCoreRow(r)
      if (rows === 'provisional' && isCore) continue
      const offset = this.#offset(point, r)
      const sorted = this.#rows[r] as number
      if (weighting === 'none') sums.addSlopes(sorted, offset)
      else {
        sums.addProducts(sorted, offset, weighting === 'information' ? 'information' : isCore ? 'squares' : 'spread')
        this.#addRow(matrix, r, sums)
      }
      const slope = sums.slopes[0] as number
      const i = table.first[r] as number
      const j = table.second[r] as number
      addTo(gradient, i, slope)
      addTo(gradient, j, -slope)
      if (this.#side) addTo(gradient, this.models, slope)
    }
    for (let k = first; k < size; k++) gradient[k] = sums.slopes[1 + k - first] as number
    this.prior.addProduct(point, gradient)
    addExtraPull(this, point, gradient)
    if (weighting !== 'none') sums.putSquares(matrix, size, first)
    return matrix
  }

  get #firstFeature(): number {
    return this.models + (this.#side ? 1 : 0)
  }

  /** Adds what a row's votes have in common with its two models and the side. */
  #addRow(matrix: Float64Array, r: number, { products }: RowSums): void {
    const { size, models } = this
    const i = this.table.first[r] as number
    const j = this.table.second[r] as number
    const direct = products[0] as number
    addTo(matrix, i * size + i, direct)
    addTo(matrix, j * size + j, direct)
    addTo(matrix, Math.max(i, j) * size + Math.min(i, j), -direct)
    const first = this.#firstFeature
    for (let k = this.#side ? models : first; k < size; k++) {
      const cross = k < first ? direct : (products[1 + k - first] as number)
      addTo(matrix, k * size + i, cross)
      addTo(matrix, k * size + j, -cross)
      if (this.#side) addTo(matrix, k * size + models, cross)
    }
  }
}

const EMPTY = new Float64Array(0)

function addTo(array: Float64Array, at: number, value: number): void {
  array[at] = (array[at] as number) + value
}
