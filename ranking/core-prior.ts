/** The weak prior on provisional models: precision per squared logit, that is a standard deviation of 2 logits. */
export const PRIOR_PRECISION = 0.25

/**
 * The prior λ/2 Σ_{i provisional} (θ_i − θ̄_core)². Models of the core, whose maximum likelihood is finite, are left
 * alone. It is centred on the mean of the core, so it does not depend on where the scale starts; without a core it is
 * centred on 0. Casts: model indices are below the number of models.
 */
export class CorePrior {
  readonly models: number
  readonly coreSize: number
  readonly #isCore: Uint8Array

  constructor(isCore: Uint8Array) {
    this.#isCore = isCore
    this.models = isCore.length
    this.coreSize = isCore.reduce((sum, flag) => sum + flag, 0)
  }

  isCore(model: number): boolean {
    return this.#isCore[model] === 1
  }

  /** Nobody is provisional: the prior is nothing. */
  get isIdle(): boolean {
    return this.coreSize === this.models
  }

  /** out += Λ v, with Λ the matrix of second derivatives; its gradient at v, too. */
  addProduct(v: Float64Array, out: Float64Array): void {
    if (this.isIdle) return
    const mean = this.#coreMean(v)
    let pull = 0
    for (let i = 0; i < this.models; i++) {
      if (this.#isCore[i] === 1) continue
      const force = PRIOR_PRECISION * ((v[i] as number) - mean)
      out[i] = (out[i] as number) + force
      pull += force
    }
    if (this.coreSize === 0) return
    for (let i = 0; i < this.models; i++) {
      if (this.#isCore[i] === 1) out[i] = (out[i] as number) - pull / this.coreSize
    }
  }

  /** diagonal += the diagonal of Λ. */
  addDiagonal(diagonal: Float64Array): void {
    if (this.isIdle) return
    const onCore = (PRIOR_PRECISION * (this.models - this.coreSize)) / this.coreSize ** 2
    for (let i = 0; i < this.models; i++) {
      diagonal[i] = (diagonal[i] as number) + (this.#isCore[i] === 1 ? onCore : PRIOR_PRECISION)
    }
  }

  /** matrix += Λ = λ Σ v vᵀ, v = e_i − 1_core / |core|, on the rating block of a size × size matrix. */
  addMatrix(matrix: Float64Array, size: number): void {
    if (this.isIdle) return
    const unit = new Float64Array(this.models)
    const column = new Float64Array(this.models)
    for (let j = 0; j < this.models; j++) {
      unit[j] = 1
      column.fill(0)
      this.addProduct(unit, column)
      unit[j] = 0
      for (let i = 0; i < this.models; i++) {
        matrix[i * size + j] = (matrix[i * size + j] as number) + (column[i] as number)
      }
    }
  }

  /** Shifts ratings so that the core's mean is 0; without a core the prior has done so. Changes no probability. */
  centre(point: Float64Array): void {
    const mean = this.#coreMean(point)
    for (let i = 0; i < this.models; i++) point[i] = (point[i] as number) - mean
  }

  #coreMean(v: Float64Array): number {
    if (this.coreSize === 0) return 0
    let sum = 0
    for (let i = 0; i < this.models; i++) if (this.#isCore[i] === 1) sum += v[i] as number
    return sum / this.coreSize
  }
}
