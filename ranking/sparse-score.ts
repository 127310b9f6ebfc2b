/**
 * The score vector of one cluster at a time: most voters meet few of the models, so only what was touched is cleared
 * and multiplied. Casts: indices are below `size`.
 */
export class SparseScore {
  readonly #models: number
  readonly #size: number
  readonly #score: Float64Array
  readonly #isTouched: Uint8Array
  readonly #touched: Int32Array
  readonly #values: Float64Array
  #count = 0

  constructor(models: number, size: number) {
    this.#models = models
    this.#size = size
    this.#score = new Float64Array(size)
    this.#isTouched = new Uint8Array(models)
    this.#touched = new Int32Array(size)
    this.#values = new Float64Array(size)
  }

  /** Adds a score on θ_i − θ_j. */
  add(i: number, j: number, score: number): void {
    this.addTo(i, score)
    this.addTo(j, -score)
  }

  /** Adds a score on one model's parameter. */
  addTo(model: number, score: number): void {
    if (this.#isTouched[model] === 0) this.#touch(model)
    this.#score[model] = (this.#score[model] as number) + score
  }

  /** Adds a score on an extra parameter. */
  addExtra(index: number, score: number): void {
    this.#score[index] = (this.#score[index] as number) + score
  }

  /** Adds g gᵀ to a lower triangle and starts over; false when nothing was added since. */
  addOuterProduct(lower: Float64Array): boolean {
    if (this.#count === 0) return false
    addSparseOuterProduct(lower, this.#size, { at: this.#touched, values: this.#values, count: this.#collect() })
    return true
  }

  #touch(model: number): void {
    this.#isTouched[model] = 1
    this.#touched[this.#count++] = model
  }

  /** Moves the score, in ascending order of parameters, to touched and values, and clears it. */
  #collect(): number {
    this.#sortTouched()
    for (let extra = this.#models; extra < this.#size; extra++) this.#touched[this.#count++] = extra
    const count = this.#count
    for (let k = 0; k < count; k++) {
      const i = this.#touched[k] as number
      this.#values[k] = this.#score[i] as number
      this.#score[i] = 0
      if (i < this.#models) this.#isTouched[i] = 0
    }
    this.#count = 0
    return count
  }

  /** By insertion when few, by a scan of the marks when many. */
  #sortTouched(): void {
    const touched = this.#touched
    const count = this.#count
    if (count * count > 4 * this.#models) {
      let at = 0
      for (let i = 0; i < this.#models; i++) if (this.#isTouched[i] === 1) touched[at++] = i
      return
    }
    for (let k = 1; k < count; k++) {
      const model = touched[k] as number
      let at = k
      while (at > 0 && (touched[at - 1] as number) > model) {
        touched[at] = touched[at - 1] as number
        at--
      }
      touched[at] = model
    }
  }
}

interface SparseVector {
  /** Ascending positions of the values. */
  readonly at: Int32Array
  readonly values: Float64Array
  readonly count: number
}

/** Adds v vᵀ to a lower triangle, four rows at a time. */
function addSparseOuterProduct(lower: Float64Array, size: number, { at, values, count }: SparseVector): void {
  let a = 0
  for (; a + 3 < count; a += 4) {
    const row0 = (at[a] as number) * size
    const row1 = (at[a + 1] as number) * size
    const row2 = (at[a + 2] as number) * size
    const row3 = (at[a + 3] as number) * size
    const factor0 = values[a] as number
    const factor1 = values[a + 1] as number
    const factor2 = values[a + 2] as number
    const factor3 = values[a + 3] as number
    // The last three columns reach a little above the diagonal, which nobody reads.
    for (let b = 0; b <= a + 3; b++) {
      const j = at[b] as number
      const value = values[b] as number
      lower[row0 + j] = (lower[row0 + j] as number) + factor0 * value
      lower[row1 + j] = (lower[row1 + j] as number) + factor1 * value
      lower[row2 + j] = (lower[row2 + j] as number) + factor2 * value
      lower[row3 + j] = (lower[row3 + j] as number) + factor3 * value
    }
  }
  for (; a < count; a++) {
    const row = (at[a] as number) * size
    const factor = values[a] as number
    for (let b = 0; b <= a; b++) {
      const j = at[b] as number
      lower[row + j] = (lower[row + j] as number) + factor * (values[b] as number)
    }
  }
}
