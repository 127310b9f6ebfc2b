import { GrowingArray } from './growing-array.ts'
import { jaccard, mix, toShingles } from './prompt-words.ts'
import { Spool } from './spool.ts'

export const NEAR = 0.8

/**
 * 14 bands of 4 rows: a pair at Jaccard 0.8 meets in at least one band with probability 1 − (1 − 0.8⁴)¹⁴ = 0.9994, one
 * at 0.9 practically always, one at 0.4 in 30 % of cases, where it costs one comparison. What meets is compared exactly.
 */
const BANDS = 14
const ROWS = 4

/**
 * Finds earlier texts whose word 3-gram sets have Jaccard ≥ 0.8 with a new one: MinHash signatures, banded (Broder 1997;
 * Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", §3.4). In memory an entry costs about 250 bytes; the sets
 * themselves lie in a temporary file.
 */
export class NearIndex {
  readonly #sets = new Spool()
  readonly #places = new GrowingArray()
  readonly #sizes = new GrowingArray()
  readonly #scopes = new GrowingArray()
  readonly #buckets = new BucketTable()

  get size(): number {
    return this.#places.length
  }

  /**
   * @param scope only entries of the same scope are near each other
   * @returns numbers of the earlier entries near the new one, lowest first
   */
  add(text: string, scope = 0): number[] {
    const set = toShingles(text)
    const buckets = bucketsOf(set, scope)
    const near = this.#findNear(set, scope, buckets)
    this.#insert(set, scope, buckets)
    return near
  }

  /** @returns whether it was added */
  addUnlessNear(text: string, scope = 0): boolean {
    const set = toShingles(text)
    const buckets = bucketsOf(set, scope)
    if (this.#findNear(set, scope, buckets).length > 0) return false
    this.#insert(set, scope, buckets)
    return true
  }

  close(): void {
    this.#sets.close()
  }

  #insert(set: Uint32Array, scope: number, buckets: Uint32Array): void {
    const entry = this.#places.push(this.#sets.append(new Uint8Array(set.buffer, set.byteOffset, set.byteLength)))
    this.#sizes.push(set.length)
    this.#scopes.push(scope)
    for (const bucket of buckets) this.#buckets.add(bucket, entry)
  }

  #findNear(set: Uint32Array, scope: number, buckets: Uint32Array): number[] {
    const candidates = new Set<number>()
    for (const bucket of buckets) for (const entry of this.#buckets.entries(bucket)) candidates.add(entry)
    return [...candidates]
      .filter((entry) => this.#scopes.get(entry) === scope && this.#isNear(set, entry))
      .toSorted((one, other) => one - other)
  }

  #isNear(set: Uint32Array, entry: number): boolean {
    const size = this.#sizes.get(entry)
    // Sets of sizes further apart than this cannot be near, whatever they hold.
    if (Math.min(size, set.length) < NEAR * Math.max(size, set.length)) return false
    const bytes = this.#sets.read(this.#places.get(entry), size * Uint32Array.BYTES_PER_ELEMENT)
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

/** Entries by bucket: chains through two typed arrays, 12 bytes a link. Buckets share chains; comparing tells them apart. */
class BucketTable {
  #heads = new Int32Array(1 << 12).fill(-1)
  #links = { entry: new Int32Array(1 << 12), bucket: new Uint32Array(1 << 12), next: new Int32Array(1 << 12) }
  #length = 0

  add(bucket: number, entry: number): void {
    if (this.#length === this.#links.entry.length) this.#grow()
    const link = this.#length
    this.#length += 1
    this.#links.entry[link] = entry
    this.#links.bucket[link] = bucket
    this.#hang(link)
  }

  *entries(bucket: number): Generator<number> {
    let link = this.#heads[bucket & (this.#heads.length - 1)] ?? -1
    while (link !== -1) {
      if (this.#links.bucket[link] === bucket) yield this.#links.entry[link] ?? -1
      link = this.#links.next[link] ?? -1
    }
  }

  #hang(link: number): void {
    const head = (this.#links.bucket[link] ?? 0) & (this.#heads.length - 1)
    this.#links.next[link] = this.#heads[head] ?? -1
    this.#heads[head] = link
  }

  #grow(): void {
    const size = this.#length * 2
    const { entry, bucket, next } = this.#links
    this.#links = { entry: new Int32Array(size), bucket: new Uint32Array(size), next: new Int32Array(size) }
    this.#links.entry.set(entry)
    this.#links.bucket.set(bucket)
    this.#links.next.set(next)
    this.#heads = new Int32Array(size).fill(-1)
    for (let link = 0; link < this.#length; link += 1) this.#hang(link)
  }
}
