import type { CorePrior } from './core-prior.ts'
import {
  addExtraPrecision,
  addExtraPull,
  SIDE,
  type ExtraParameter,
  type TableLikelihood,
  type VoteScores,
} from './likelihood.ts'
import type { PairTable } from './pair-table.ts'

/**
 * The penalised negative log-likelihood of Bradley–Terry with ties as half wins, its gradient and its Hessian:
 *
 *   f(θ, γ) = − Σ_r [ s_r log p_r + (n_r − s_r) log (1 − p_r) ] + prior,   p_r = σ(θ_first − θ_second + γ),
 *
 * with n votes and s = wins + ties/2 in row r (Bradley & Terry 1952). With half wins it is a quasi-likelihood:
 * consistent for the expected half-win score whatever makes ties. γ is fixed at 0 unless `side`. Points have one number
 * per model and γ last, always.
 *
 * Casts: indices come from the table and are below `models`.
 */
export class BradleyTerrySystem implements TableLikelihood {
  readonly table: PairTable
  readonly prior: CorePrior
  readonly models: number
  readonly size: number
  readonly side: boolean
  readonly weight: number
  readonly extraPrecision: number
  readonly extras: readonly ExtraParameter[]
  readonly gradient: Float64Array
  /** Diagonal of the Hessian. */
  readonly diagonal: Float64Array
  readonly information: Float64Array
  /** p per row. */
  readonly probability: Float64Array
  readonly #strength: Float64Array

  constructor(
    table: PairTable,
    prior: CorePrior,
    { side, extraPrecision = 0 }: { side: boolean; extraPrecision?: number },
  ) {
    const { models, rows } = table
    this.table = table
    this.prior = prior
    this.models = models
    this.side = side
    this.extraPrecision = extraPrecision
    this.size = side ? models + 1 : models
    this.extras = side ? [{ name: SIDE, index: models }] : []
    this.gradient = new Float64Array(models + 1)
    this.diagonal = new Float64Array(models + 1)
    this.information = new Float64Array(rows)
    this.probability = new Float64Array(rows)
    this.#strength = new Float64Array(models)
    let weight = 0
    for (let r = 0; r < rows; r++) {
      weight += (table.win[r] as number) + (table.loss[r] as number) + (table.tie[r] as number)
    }
    this.weight = weight
  }

  over(table: PairTable): BradleyTerrySystem {
    return new BradleyTerrySystem(table, this.prior, this)
  }

  /** Moves to a point: fills gradient, diagonal, information and probability. One division a row, one exp a model. */
  evaluate(x: Float64Array): void {
    const { gradient, diagonal, information, probability, models } = this
    const { rows, first, second, win, loss, tie } = this.table
    const strength = this.#strength
    for (let i = 0; i < models; i++) strength[i] = Math.exp(x[i] as number)
    const advantage = Math.exp(x[models] as number)
    gradient.fill(0)
    diagonal.fill(0)
    let sideGradient = 0
    let sideDiagonal = 0
    // Rows of one first model mostly follow each other: its sums stay out of memory, where each would wait for the last.
    let model = 0
    let slope = 0
    let curvature = 0
    for (let r = 0; r < rows; r++) {
      const i = first[r] as number
      const j = second[r] as number
      if (i !== model) {
        gradient[model] = (gradient[model] as number) + slope
        diagonal[model] = (diagonal[model] as number) + curvature
        model = i
        slope = 0
        curvature = 0
      }
      const mine = (strength[i] as number) * advantage
      const p = mine / (mine + (strength[j] as number))
      const won = win[r] as number
      const tied = tie[r] as number
      const n = won + (loss[r] as number) + tied
      const residual = n * p - won - 0.5 * tied
      const weight = n * p * (1 - p)
      probability[r] = p
      information[r] = weight
      slope += residual
      curvature += weight
      gradient[j] = (gradient[j] as number) - residual
      diagonal[j] = (diagonal[j] as number) + weight
      sideGradient += residual
      sideDiagonal += weight
    }
    gradient[model] = (gradient[model] as number) + slope
    diagonal[model] = (diagonal[model] as number) + curvature
    gradient[models] = this.side ? sideGradient : 0
    this.prior.addProduct(x, gradient)
    addExtraPull(this, x, gradient)
    this.prior.addDiagonal(diagonal)
    diagonal[models] = this.side ? sideDiagonal + this.extraPrecision : 1
  }

  /** n p − s = (n m − s (m + o)) / (m + o) with m, o the strengths: one division a row and little else. */
  slope(x: Float64Array): void {
    const { gradient, models } = this
    const { rows, first, second, win, loss, tie } = this.table
    const strength = this.#strength
    for (let i = 0; i < models; i++) strength[i] = Math.exp(x[i] as number)
    const advantage = Math.exp(x[models] as number)
    gradient.fill(0)
    let sideGradient = 0
    let model = 0
    let sum = 0
    for (let r = 0; r < rows; r++) {
      const i = first[r] as number
      const j = second[r] as number
      if (i !== model) {
        gradient[model] = (gradient[model] as number) + sum
        model = i
        sum = 0
      }
      const mine = (strength[i] as number) * advantage
      const other = strength[j] as number
      const half = 0.5 * (tie[r] as number)
      const residual = (mine * ((loss[r] as number) + half) - other * ((win[r] as number) + half)) / (mine + other)
      sum += residual
      gradient[j] = (gradient[j] as number) - residual
      sideGradient += residual
    }
    gradient[model] = (gradient[model] as number) + sum
    gradient[models] = this.side ? sideGradient : 0
    this.prior.addProduct(x, gradient)
    addExtraPull(this, x, gradient)
  }

  /** out = Hessian · v, at the point last evaluated. */
  multiply(v: Float64Array, out: Float64Array): void {
    const { information, models } = this
    const { rows, first, second } = this.table
    const sideShare = this.side ? (v[models] as number) : 0
    out.fill(0)
    let sideSum = 0
    for (let r = 0; r < rows; r++) {
      const i = first[r] as number
      const j = second[r] as number
      const term = (information[r] as number) * ((v[i] as number) - (v[j] as number) + sideShare)
      out[i] = (out[i] as number) + term
      out[j] = (out[j] as number) - term
      sideSum += term
    }
    out[models] = this.side ? sideSum : (v[models] as number)
    this.prior.addProduct(v, out)
    addExtraPull(this, v, out)
  }

  /** It annihilates a shift of all ratings when there is a core. */
  hessian(): Float64Array {
    const { size, information, models } = this
    const { rows, first, second } = this.table
    const h = new Float64Array(size * size)
    const add = (i: number, j: number, value: number) => {
      h[i * size + j] = (h[i * size + j] as number) + value
    }
    for (let r = 0; r < rows; r++) {
      const i = first[r] as number
      const j = second[r] as number
      const weight = information[r] as number
      add(i, i, weight)
      add(j, j, weight)
      add(i, j, -weight)
      add(j, i, -weight)
      if (!this.side) continue
      add(i, models, weight)
      add(models, i, weight)
      add(j, models, -weight)
      add(models, j, -weight)
      add(models, models, weight)
    }
    this.prior.addMatrix(h, size)
    addExtraPrecision(this, h)
    return h
  }

  /** y − p for y = 1, 0, ½. */
  strengthScores(): VoteScores {
    return {
      win: this.probability.map((p) => 1 - p),
      loss: this.probability.map((p) => -p),
      tie: this.probability.map((p) => 0.5 - p),
    }
  }

  tieScores(): undefined {
    return undefined
  }
}
