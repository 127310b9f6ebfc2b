const HEADS = 1 << 22
const NONE = -1
const CHUNK_BITS = 16
const CHUNK = 1 << CHUNK_BITS

/** So many of the newest entries in a bucket are looked at. */
const MOST_VISITED = 64

/**
 * Which entries lie in the same buckets. Every entry lies in as many buckets as there are bands, so the number of a link
 * tells its entry: what is stored is the next link and one byte of the bucket, 5 bytes a link. A bucket shares its chain
 * with others; the byte tells nearly all of them apart, and whoever asks compares anyway.
 */
export class BucketTable {
  readonly #bands: number
  readonly #heads = new Int32Array(HEADS).fill(NONE)
  readonly #next: Int32Array[] = []
  readonly #tags: Uint8Array[] = []
  #links = 0

  constructor(bands: number) {
    this.#bands = bands
  }

  /** Adds the next entry, one bucket for each band. */
  add(buckets: Uint32Array): void {
    for (const bucket of buckets) this.#addLink(bucket)
  }

  /** Entries that share buckets with a new one: those that share most first, of equals the newest. */
  findLikely(buckets: Uint32Array, most: number): number[] {
    const shared = new Map<number, number>()
    for (const bucket of buckets) {
      let link = this.#heads[bucket & (HEADS - 1)] ?? NONE
      for (let visited = 0; link !== NONE && visited < MOST_VISITED; visited += 1) {
        if (this.#tagOf(link) === tagOf(bucket)) {
          const entry = Math.floor(link / this.#bands)
          shared.set(entry, (shared.get(entry) ?? 0) + 1)
        }
        link = this.#next[link >>> CHUNK_BITS]?.[link & (CHUNK - 1)] ?? NONE
      }
    }
    const likely = [...shared].toSorted(([one, few], [other, many]) => many - few || other - one)
    return likely.slice(0, most).map(([entry]) => entry)
  }

  #addLink(bucket: number): void {
    const link = this.#links
    const place = link & (CHUNK - 1)
    if (place === 0) {
      this.#next.push(new Int32Array(CHUNK))
      this.#tags.push(new Uint8Array(CHUNK))
    }
    const [next, tags] = [this.#next.at(-1), this.#tags.at(-1)]
    if (next) next[place] = this.#heads[bucket & (HEADS - 1)] ?? NONE
    if (tags) tags[place] = tagOf(bucket)
    this.#heads[bucket & (HEADS - 1)] = link
    this.#links += 1
  }

  #tagOf(link: number): number {
    return this.#tags[link >>> CHUNK_BITS]?.[link & (CHUNK - 1)] ?? 0
  }
}

/** Bits that do not choose the chain. */
function tagOf(bucket: number): number {
  return bucket >>> 24
}
