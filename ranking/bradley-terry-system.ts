import type { PairTable } from './pair-table.ts'

/** The weak prior on provisional models: precision per squared logit, that is a standard deviation of 2 logits. */
export const PRIOR_PRECISION = 0.25

/**
 * The penalised negative log-likelihood of Bradley–Terry with ties as half wins, its gradient and its Hessian:
 *
 *   f(θ, γ) = − Σ_r [ s_r log p_r + (n_r − s_r) log (1 − p_r) ] + λ/2 Σ_{i provisional} (θ_i − θ̄_core)²,
 *   p_r = σ(θ_first − θ_second + γ),
 *
 * with n votes and s = wins + ties/2 in row r. γ is the advantage of side a; it is fixed at 0 unless `side`. The
 * prior is centred on the mean of the core, so f does not depend on where the scale starts; without a core it is
 * centred on 0. A vector has one number per model and γ last.
 *
 * Casts: indices come from the table and are below `models`.
 */
export class BradleyTerrySystem {
  readonly models: number
  readonly side: boolean
  readonly coreSize: number
  /** Σ n: the weight of all votes. */
  readonly weight: number
  /** ∂f/∂(θ, γ) at the point last evaluated. */
  readonly gradient: Float64Array
  /** Diagonal of the Hessian there. */
  readonly diagonal: Float64Array
  /** n p (1 − p) per row there. */
  readonly information: Float64Array
  /** p per row there. */
  readonly probability: Float64Array

  readonly #table: PairTable
  readonly #isCore: Uint8Array
  readonly #votes: Float64Array
  readonly #score: Float64Array
  readonly #strength: Float64Array

  constructor(table: PairTable, isCore: Uint8Array, side: boolean) {
    const { models, rows } = table
    this.models = models
    this.side = side
    this.#table = table
    this.#isCore = isCore
    this.coreSize = isCore.reduce((sum, flag) => sum + flag, 0)
    this.gradient = new Float64Array(models + 1)
    this.diagonal = new Float64Array(models + 1)
    this.information = new Float64Array(rows)
    this.probability = new Float64Array(rows)
    this.#strength = new Float64Array(models)
    this.#votes = new Float64Array(rows)
    this.#score = new Float64Array(rows)
    let weight = 0
    for (let r = 0; r < rows; r++) {
      const tie = table.tie[r] as number
      const votes = (table.win[r] as number) + (table.loss[r] as number) + tie
      this.#votes[r] = votes
      this.#score[r] = (table.win[r] as number) + tie / 2
      weight += votes
    }
    this.weight = weight
  }

  /** Moves to a point: fills gradient, diagonal, information and probability. One division a row, one exp a model. */
  evaluate(x: Float64Array): void {
    const { gradient, diagonal, information, probability, models } = this
    const { rows, first, second } = this.#table
    const votes = this.#votes
    const score = this.#score
    const strength = this.#strength
    for (let i = 0; i < models; i++) strength[i] = Math.exp(x[i] as number)
    const advantage = Math.exp(x[models] as number)
    gradient.fill(0)
    diagonal.fill(0)
    let sideGradient = 0
    let sideDiagonal = 0
    for (let r = 0; r < rows; r++) {
      const i = first[r] as number
      const j = second[r] as number
      const mine = (strength[i] as number) * advantage
      const p = mine / (mine + (strength[j] as number))
      const n = votes[r] as number
      const residual = n * p - (score[r] as number)
      const weight = n * p * (1 - p)
      probability[r] = p
      information[r] = weight
      gradient[i] = (gradient[i] as number) + residual
      gradient[j] = (gradient[j] as number) - residual
      diagonal[i] = (diagonal[i] as number) + weight
      diagonal[j] = (diagonal[j] as number) + weight
      sideGradient += residual
      sideDiagonal += weight
    }
    gradient[models] = this.side ? sideGradient : 0
    diagonal[models] = this.side ? sideDiagonal : 1
    this.#addPrior(x, gradient)
    this.#addPriorDiagonal()
  }

  /** out = Hessian · v, at the point last evaluated. */
  multiply(v: Float64Array, out: Float64Array): void {
    const { information, models } = this
    const { rows, first, second } = this.#table
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
    this.#addPrior(v, out)
  }

  /** Size of the dense Hessian: the models, and γ when it is estimated. */
  get size(): number {
    return this.side ? this.models + 1 : this.models
  }

  /** The Hessian as a full matrix, `size` × `size`. It annihilates a shift of all ratings when there is a core. */
  hessian(): Float64Array {
    const { size, information, models } = this
    const { rows, first, second } = this.#table
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
    this.addPriorMatrix(h)
    return h
  }

  /** Adds λ Σ v vᵀ, v = e_i − 1_core / |core| over provisional i: the precision that the prior contributes. */
  addPriorMatrix(h: Float64Array): void {
    const { size, models } = this
    if (this.coreSize === models) return
    const unit = new Float64Array(models + 1)
    const column = new Float64Array(models + 1)
    for (let j = 0; j < models; j++) {
      unit[j] = 1
      column.fill(0)
      this.#addPrior(unit, column)
      unit[j] = 0
      for (let i = 0; i < models; i++) h[i * size + j] = (h[i * size + j] as number) + (column[i] as number)
    }
  }

  isCore(model: number): boolean {
    return this.#isCore[model] === 1
  }

  /** Is this row's pair free of provisional models? */
  isCoreRow(r: number): boolean {
    return (
      this.#isCore[this.#table.first[r] as number] === 1 &&
      this.#isCore[this.#table.second[r] as number] === 1
    )
  }

  /** Shifts a point so that the core's mean is 0 (all models' mean without a core). Changes no probability. */
  centre(x: Float64Array): void {
    const mean = this.#coreMean(x)
    const shift = this.coreSize > 0 ? mean : 0
    for (let i = 0; i < this.models; i++) x[i] = (x[i] as number) - shift
  }

  #coreMean(x: Float64Array): number {
    if (this.coreSize === 0) return 0
    let sum = 0
    for (let i = 0; i < this.models; i++) if (this.#isCore[i] === 1) sum += x[i] as number
    return sum / this.coreSize
  }

  #addPrior(x: Float64Array, out: Float64Array): void {
    if (this.coreSize === this.models) return
    const mean = this.#coreMean(x)
    let pull = 0
    for (let i = 0; i < this.models; i++) {
      if (this.#isCore[i] === 1) continue
      const force = PRIOR_PRECISION * ((x[i] as number) - mean)
      out[i] = (out[i] as number) + force
      pull += force
    }
    if (this.coreSize === 0) return
    for (let i = 0; i < this.models; i++) {
      if (this.#isCore[i] === 1) out[i] = (out[i] as number) - pull / this.coreSize
    }
  }

  #addPriorDiagonal(): void {
    if (this.coreSize === this.models) return
    const provisional = this.models - this.coreSize
    const onCore = (PRIOR_PRECISION * provisional) / this.coreSize ** 2
    for (let i = 0; i < this.models; i++) {
      const precision = this.#isCore[i] === 1 ? onCore : PRIOR_PRECISION
      this.diagonal[i] = (this.diagonal[i] as number) + precision
    }
  }
}
