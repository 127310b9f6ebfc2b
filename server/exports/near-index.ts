import { BucketTable } from './bucket-table.ts'
import { GrowingArray } from './growing-array.ts'
import { jaccard, mix, toShingles } from './prompt-words.ts'
import { Spool } from './spool.ts'

export const NEAR = 0.8

/**
 * 11 bands of 3 rows: a pair at Jaccard 0.8 meets in at least one band with probability 1 − (1 − 0.8³)¹¹ = 0.9996, one
 * at 0.9 practically always. What meets is compared exactly, those first that meet in most bands.
 */
const BANDS = 11
const ROWS = 3
/** Of thousands of texts made from one pattern the nearest are among these; without a bound each would meet all others. */
const MOST_COMPARED = 64

/** Told of what is near, so that it can say what need not be compared any more. */
export interface NearVisitor {
  readonly isSettled: (entry: number) => boolean
  readonly onNear: (entry: number) => void
}

/**
 * Finds earlier texts whose word 3-gram sets have Jaccard ≥ 0.8 with a new one: MinHash signatures, banded (Broder 1997;
 * Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", §3.4). In memory an entry costs about 70 bytes; the sets
 * themselves lie in a temporary file.
 */
export class NearIndex {
  readonly #sets = new Spool()
  /** Where each set begins in the file; it ends where the next one begins. */
  readonly #places = new GrowingArray()
  readonly #scopes = new GrowingArray()
  readonly #buckets = new BucketTable(BANDS)
  #end = 0

  /** Adds a text and tells of earlier ones that are near. */
  add(text: string, { isSettled, onNear }: NearVisitor): void {
    const set = toShingles(text)
    const buckets = bucketsOf(set, 0)
    for (const entry of this.#buckets.findLikely(buckets, MOST_COMPARED)) {
      if (!isSettled(entry) && this.#isNear(set, entry)) onNear(entry)
    }
    this.#insert(set, 0, buckets)
  }

  /**
   * @param scope only entries of the same scope are near each other
   * @returns whether it was added
   */
  addUnlessNear(text: string, scope: number): boolean {
    const set = toShingles(text)
    const buckets = bucketsOf(set, scope)
    const isRepeated = (entry: number) => this.#scopes.get(entry) === scope && this.#isNear(set, entry)
    if (this.#buckets.findLikely(buckets, MOST_COMPARED).some(isRepeated)) return false
    this.#insert(set, scope, buckets)
    return true
  }

  close(): void {
    this.#sets.close()
  }

  #insert(set: Uint32Array, scope: number, buckets: Uint32Array): void {
    this.#places.push(this.#sets.append(new Uint8Array(set.buffer, set.byteOffset, set.byteLength)))
    this.#end += set.byteLength
    this.#scopes.push(scope)
    this.#buckets.add(buckets)
  }

  #isNear(set: Uint32Array, entry: number): boolean {
    const place = this.#places.get(entry)
    const end = entry + 1 < this.#places.length ? this.#places.get(entry + 1) : this.#end
    const size = (end - place) / Uint32Array.BYTES_PER_ELEMENT
    // Sets of sizes further apart than this cannot be near, whatever they hold.
    if (Math.min(size, set.length) < NEAR * Math.max(size, set.length)) return false
    const bytes = this.#sets.read(place, end - place)
    return jaccard(set, new Uint32Array(bytes.buffer, bytes.byteOffset, size)) >= NEAR
  }
}

/** One bucket for each band: a hash over the band's rows of the MinHash signature. */
function bucketsOf(set: Uint32Array, scope: number): Uint32Array {
  const buckets = new Uint32Array(BANDS)
  for (let band = 0; band < BANDS; band += 1) {
    let bucket = mix(band, scope)
    for (let row = 0; row < ROWS; row += 1) bucket = mix(bucket, minHash(set, band * ROWS + row))
    buckets[band] = bucket
  }
  return buckets
}

function minHash(set: Uint32Array, permutation: number): number {
  const seed = mix(permutation + 1, 0x2545f491)
  let least = 0xffffffff
  for (const gram of set) {
    const hash = mix(gram, seed)
    if (hash < least) least = hash
  }
  return least
}
