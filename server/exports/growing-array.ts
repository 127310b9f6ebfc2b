const CHUNK_BITS = 14
const CHUNK = 1 << CHUNK_BITS

/** Numbers in typed arrays, one more when the last is full: 8 bytes each, and nothing is ever copied. */
export class GrowingArray {
  readonly #chunks: Float64Array[] = []
  #length = 0

  get length(): number {
    return this.#length
  }

  /** @returns its index */
  push(value: number): number {
    const index = this.#length
    if ((index & (CHUNK - 1)) === 0) this.#chunks.push(new Float64Array(CHUNK))
    this.#length += 1
    this.set(index, value)
    return index
  }

  get(index: number): number {
    return this.#chunks[index >>> CHUNK_BITS]?.[index & (CHUNK - 1)] ?? Number.NaN
  }

  set(index: number, value: number): void {
    const chunk = this.#chunks[index >>> CHUNK_BITS]
    if (chunk) chunk[index & (CHUNK - 1)] = value
  }
}
