import { mirrorLower } from './symmetric-products.ts'
import type { ClusterOrder } from './cluster-cells.ts'
import type { CorePrior } from './core-prior.ts'
import { addExtraPrecision, addExtraPull, SIDE, type ExtraParameter, type Likelihood } from './likelihood.ts'
import { scaleForClusters } from './meat.ts'
import type { PairTable } from './pair-table.ts'
import { SparseScore } from './sparse-score.ts'
import type { StyleVotes } from './style-votes.ts'

/** What a pass over the votes sums besides the gradient: nothing, w = p (1 − p) or w = squared residuals. */
type Weighting = 'none' | 'information' | 'squares'

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
    const firstFeature = this.models + (this.#side ? 1 : 0)
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
   * One pass: fills the gradient and returns the lower triangle of Σ w x xᵀ. `only` restricts it to rows with
   * provisional models, whose squares are replaced by their information.
   */
  #pass(point: Float64Array, weighting: Weighting, only?: 'provisional'): Float64Array {
    const { models, size, gradient } = this
    const { start, halfWins, weight, z } = this.#votes
    const firstFeature = models + (this.#side ? 1 : 0)
    const count = this.#votes.features.length
    const coefficient = (k: number) => (k < count ? (point[firstFeature + k] as number) : 0)
    const c0 = coefficient(0)
    const c1 = coefficient(1)
    const c2 = coefficient(2)
    const c3 = coefficient(3)
    const matrix = weighting === 'none' ? EMPTY : new Float64Array(size * size)
    const squares = new Float64Array(10)
    const slopes = new Float64Array(4)
    gradient.fill(0)
    for (let r = 0; r < this.table.rows; r++) {
      const isCore = this.#isCoreRow(r)
      if (only && isCore) continue
      const useSquares = weighting === 'squares' && isCore
      const offset = this.#offset(point, r)
      const sorted = this.#rows[r] as number
      const end = start[sorted + 1] as number
      let slope = 0
      let slope0 = 0
      let slope1 = 0
      let slope2 = 0
      let slope3 = 0
      let sum = 0
      let sum0 = 0
      let sum1 = 0
      let sum2 = 0
      let sum3 = 0
      let sum00 = 0
      let sum01 = 0
      let sum02 = 0
      let sum03 = 0
      let sum11 = 0
      let sum12 = 0
      let sum13 = 0
      let sum22 = 0
      let sum23 = 0
      let sum33 = 0
      for (let v = start[sorted] as number; v < end; v++) {
        const at = 4 * v
        const z0 = z[at] as number
        const z1 = z[at + 1] as number
        const z2 = z[at + 2] as number
        const z3 = z[at + 3] as number
        const p = 1 / (1 + Math.exp(-(offset + c0 * z0 + c1 * z1 + c2 * z2 + c3 * z3)))
        const factor = weight ? (weight[v] as number) : 1
        const residual = factor * (p - 0.5 * (halfWins[v] as number))
        slope += residual
        slope0 += residual * z0
        slope1 += residual * z1
        slope2 += residual * z2
        slope3 += residual * z3
        if (weighting === 'none') continue
        const w = useSquares ? residual * residual : (weighting === 'squares' ? factor * factor : factor) * p * (1 - p)
        const w0 = w * z0
        const w1 = w * z1
        const w2 = w * z2
        const w3 = w * z3
        sum += w
        sum0 += w0
        sum1 += w1
        sum2 += w2
        sum3 += w3
        sum00 += w0 * z0
        sum01 += w0 * z1
        sum02 += w0 * z2
        sum03 += w0 * z3
        sum11 += w1 * z1
        sum12 += w1 * z2
        sum13 += w1 * z3
        sum22 += w2 * z2
        sum23 += w2 * z3
        sum33 += w3 * z3
      }
      const i = this.table.first[r] as number
      const j = this.table.second[r] as number
      gradient[i] = (gradient[i] as number) + slope
      gradient[j] = (gradient[j] as number) - slope
      if (this.#side) gradient[models] = (gradient[models] as number) + slope
      slopes[0] = (slopes[0] as number) + slope0
      slopes[1] = (slopes[1] as number) + slope1
      slopes[2] = (slopes[2] as number) + slope2
      slopes[3] = (slopes[3] as number) + slope3
      if (weighting === 'none') continue
      addTo(matrix, i * size + i, sum)
      addTo(matrix, j * size + j, sum)
      addTo(matrix, Math.max(i, j) * size + Math.min(i, j), -sum)
      if (this.#side) {
        addTo(matrix, models * size + i, sum)
        addTo(matrix, models * size + j, -sum)
        addTo(matrix, models * size + models, sum)
      }
      for (let k = 0; k < count; k++) {
        const row = (firstFeature + k) * size
        const cross = k === 0 ? sum0 : k === 1 ? sum1 : k === 2 ? sum2 : sum3
        addTo(matrix, row + i, cross)
        addTo(matrix, row + j, -cross)
        if (this.#side) addTo(matrix, row + models, cross)
      }
      addTo(squares, 0, sum00)
      addTo(squares, 1, sum01)
      addTo(squares, 2, sum11)
      addTo(squares, 3, sum02)
      addTo(squares, 4, sum12)
      addTo(squares, 5, sum22)
      addTo(squares, 6, sum03)
      addTo(squares, 7, sum13)
      addTo(squares, 8, sum23)
      addTo(squares, 9, sum33)
    }
    for (let k = 0; k < count; k++) gradient[firstFeature + k] = slopes[k] as number
    this.prior.addProduct(point, gradient)
    addExtraPull(this, point, gradient)
    if (weighting === 'none') return matrix
    for (let k = 0; k < count; k++) {
      for (let l = 0; l <= k; l++) {
        addTo(matrix, (firstFeature + k) * size + firstFeature + l, squares[(k * (k + 1)) / 2 + l] as number)
      }
    }
    return matrix
  }
}

const EMPTY = new Float64Array(0)

function addTo(array: Float64Array, at: number, value: number): void {
  array[at] = (array[at] as number) + value
}
