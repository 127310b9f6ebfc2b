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
    if (this.#isTouched[i] === 0) this.#touch(i)
    if (this.#isTouched[j] === 0) this.#touch(j)
    this.#score[i] = (this.#score[i] as number) + score
    this.#score[j] = (this.#score[j] as number) - score
  }

  /** Adds a score on an extra parameter. */
  addExtra(index: number, score: number): void {
    this.#score[index] = (this.#score[index] as number) + score
  }

  /** Adds g gᵀ to a lower triangle and starts over; false when nothing was added since. */
  addOuterProduct(lower: Float64Array): boolean {
    if (this.#count === 0) return false
    const count = this.#collect()
    const touched = this.#touched
    const values = this.#values
    for (let a = 0; a < count; a++) {
      const row = (touched[a] as number) * this.#size
      const factor = values[a] as number
      for (let b = 0; b <= a; b++) {
        const at = row + (touched[b] as number)
        lower[at] = (lower[at] as number) + factor * (values[b] as number)
      }
    }
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

  /** By sorting when few, by a scan of the marks when many. */
  #sortTouched(): void {
    const touched = this.#touched
    if (this.#count * this.#count < 4 * this.#models) {
      touched.subarray(0, this.#count).sort()
      return
    }
    let at = 0
    for (let i = 0; i < this.#models; i++) if (this.#isTouched[i] === 1) touched[at++] = i
  }
}
