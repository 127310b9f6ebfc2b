/** Lengths up to here are counted one by one; longer ones to within 1 %. */
const EXACT = 1024
const PER_DOUBLING = 70

/** Quantiles of any number of lengths in constant memory. */
export class LengthHistogram {
  readonly #counts = new Map<number, number>()
  #total = 0

  get total(): number {
    return this.#total
  }

  add(length: number): void {
    const bucket = length < EXACT ? length : EXACT + Math.floor(Math.log2(length / EXACT) * PER_DOUBLING)
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1)
    this.#total += 1
  }

  /** The least length that at least this share of all do not exceed; of long ones the upper end of its bucket. */
  quantile(share: number): number {
    const wanted = Math.max(1, Math.ceil(share * this.#total))
    let passed = 0
    for (const bucket of [...this.#counts.keys()].toSorted((one, other) => one - other)) {
      passed += this.#counts.get(bucket) ?? 0
      if (passed >= wanted)
        return bucket < EXACT ? bucket : Math.ceil(EXACT * 2 ** ((bucket - EXACT + 1) / PER_DOUBLING)) - 1
    }
    return 0
  }
}
