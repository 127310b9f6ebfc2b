import { factorize } from './cholesky.ts'
import type { CorePrior } from './core-prior.ts'
import {
  addExtraPrecision,
  addExtraPull,
  SIDE,
  TIE,
  type ExtraParameter,
  type TableLikelihood,
  type VoteScores,
} from './likelihood.ts'
import type { PairTable } from './pair-table.ts'
import type { TieKernel, TieTerms } from './tie-kernels.ts'

/** A standard error of the tie parameter beyond this, e⁵ in ν or η, means that there is no optimum. */
const LARGEST_ERROR = 5

/**
 * The penalised negative log-likelihood of a model in which a tie is an outcome of its own, with its gradient and
 * Hessian. Points hold θ per model, then the tie parameter h, then γ when `side`. Casts: indices are in range by
 * construction.
 */
export class TiesSystem implements TableLikelihood {
  readonly table: PairTable
  readonly prior: CorePrior
  readonly models: number
  readonly size: number
  readonly extras: readonly ExtraParameter[]
  readonly weight: number
  readonly extraPrecision: number
  readonly gradient: Float64Array
  readonly information: Float64Array
  readonly kernel: TieKernel
  readonly side: boolean
  /** Ties as a share of all votes. */
  readonly tieShare: number
  readonly #crossInformation: Float64Array
  readonly #strength: VoteScores
  readonly #tie: VoteScores
  #tieInformation = 0

  constructor(
    table: PairTable,
    prior: CorePrior,
    { kernel, side, extraPrecision = 0 }: { kernel: TieKernel; side: boolean; extraPrecision?: number },
  ) {
    const { models, rows } = table
    this.table = table
    this.prior = prior
    this.models = models
    this.kernel = kernel
    this.side = side
    this.extraPrecision = extraPrecision
    this.size = models + (side ? 2 : 1)
    this.extras = [{ name: TIE, index: models }, ...(side ? [{ name: SIDE, index: models + 1 }] : [])]
    this.gradient = new Float64Array(this.size)
    this.information = new Float64Array(rows)
    this.#crossInformation = new Float64Array(rows)
    this.#strength = emptyScores(rows)
    this.#tie = emptyScores(rows)
    let weight = 0
    let ties = 0
    for (let r = 0; r < rows; r++) {
      ties += table.tie[r] as number
      weight += (table.win[r] as number) + (table.loss[r] as number) + (table.tie[r] as number)
    }
    this.weight = weight
    this.tieShare = ties / weight
  }

  /** All models equal, ties as frequent as they are. */
  start(): Float64Array {
    const point = new Float64Array(this.size)
    point[this.models] = this.kernel.start(this.tieShare)
    return point
  }

  /**
   * Do the votes determine the tie parameter? Where they do not, ever larger parameters explain them ever better, and
   * what is left of its information once the strengths have explained theirs goes to 0.
   */
  get isDetermined(): boolean {
    const { size, models, prior } = this
    const hessian = this.hessian()
    const shift = prior.coreSize > 0 ? (hessian[0] as number) / models : 0
    for (let i = 0; i < models; i++) {
      for (let j = 0; j < models; j++) hessian[i * size + j] = (hessian[i * size + j] as number) + shift
    }
    return factorize(hessian, size) && (hessian[models * size + models] as number) > 1 / LARGEST_ERROR
  }

  isAllowed = (point: Float64Array): boolean => (point[this.models] as number) > this.kernel.lowest

  over(table: PairTable): TiesSystem {
    return new TiesSystem(table, this.prior, this)
  }

  slope(point: Float64Array): void {
    this.evaluate(point)
  }

  evaluate(point: Float64Array): void {
    const { table, models, gradient, kernel } = this
    const h = point[models] as number
    const gamma = this.side ? (point[models + 1] as number) : 0
    const out: TieTerms = { win: 0, loss: 0, tie: 0, winTie: 0, lossTie: 0, tieTie: 0, dd: 0, dh: 0, hh: 0 }
    gradient.fill(0)
    let tieGradient = 0
    let sideGradient = 0
    this.#tieInformation = 0
    for (let r = 0; r < table.rows; r++) {
      const i = table.first[r] as number
      const j = table.second[r] as number
      const w = table.win[r] as number
      const l = table.loss[r] as number
      const t = table.tie[r] as number
      kernel.terms((point[i] as number) - (point[j] as number) + gamma, h, { w, l, t }, out)
      this.#keepScores(r, out)
      const slope = -(w * out.win + l * out.loss + t * out.tie)
      gradient[i] = (gradient[i] as number) + slope
      gradient[j] = (gradient[j] as number) - slope
      sideGradient += slope
      tieGradient -= w * out.winTie + l * out.lossTie + t * out.tieTie
      this.information[r] = out.dd
      this.#crossInformation[r] = out.dh
      this.#tieInformation += out.hh
    }
    gradient[models] = tieGradient
    if (this.side) gradient[models + 1] = sideGradient
    this.prior.addProduct(point, gradient)
    addExtraPull(this, point, gradient)
  }

  hessian(): Float64Array {
    const { table, size, models } = this
    const matrix = new Float64Array(size * size)
    const add = (i: number, j: number, value: number) => {
      matrix[i * size + j] = (matrix[i * size + j] as number) + value
      if (i !== j) matrix[j * size + i] = (matrix[j * size + i] as number) + value
    }
    for (let r = 0; r < table.rows; r++) {
      const i = table.first[r] as number
      const j = table.second[r] as number
      const direct = this.information[r] as number
      const cross = this.#crossInformation[r] as number
      add(i, i, direct)
      add(j, j, direct)
      add(i, j, -direct)
      add(models, i, cross)
      add(models, j, -cross)
      if (!this.side) continue
      add(models + 1, i, direct)
      add(models + 1, j, -direct)
      add(models + 1, models, cross)
      add(models + 1, models + 1, direct)
    }
    add(models, models, this.#tieInformation)
    this.prior.addMatrix(matrix, size)
    addExtraPrecision(this, matrix)
    return matrix
  }

  strengthScores(): VoteScores {
    return this.#strength
  }

  tieScores(): VoteScores {
    return this.#tie
  }

  /** −log L of the votes at a point, in nats, without the prior. */
  negativeLogLikelihood(point: Float64Array): number {
    const { table, models, kernel } = this
    const gamma = this.side ? (point[models + 1] as number) : 0
    let sum = 0
    for (let r = 0; r < table.rows; r++) {
      const d = (point[table.first[r] as number] as number) - (point[table.second[r] as number] as number) + gamma
      const [win, loss, tie] = kernel.logProbabilities(d, point[models] as number)
      sum -= (table.win[r] as number) * win + (table.loss[r] as number) * loss + (table.tie[r] as number) * tie
    }
    return sum
  }

  #keepScores(r: number, terms: TieTerms): void {
    this.#strength.win[r] = terms.win
    this.#strength.loss[r] = terms.loss
    this.#strength.tie[r] = terms.tie
    this.#tie.win[r] = terms.winTie
    this.#tie.loss[r] = terms.lossTie
    this.#tie.tie[r] = terms.tieTie
  }
}

function emptyScores(rows: number): VoteScores {
  return { win: new Float64Array(rows), loss: new Float64Array(rows), tie: new Float64Array(rows) }
}
