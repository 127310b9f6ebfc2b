import type { Random } from './random.ts'

/** Whole means up to here have a table each; larger ones are sums, as Poisson variables add up. */
const SMALL = 64
/** Tables for 64 · 2^k, up to this k. */
const DOUBLINGS = 14
const LARGEST = SMALL * 2 ** DOUBLINGS

/**
 * Draws Poisson numbers by Walker's alias method (1977), one random word each: from a table for every whole mean up to
 * 64 and for 128, 256 … (few and small, so that they stay in cache), sums of those for the rest, and inversion for a
 * fraction. Casts: positions are inside the tables.
 */
export class PoissonSampler {
  readonly #random: Random
  /** By table: where its columns start, how far a random word is shifted to give a column, its lowest value. */
  readonly #from = new Int32Array(SMALL + DOUBLINGS + 1)
  readonly #shift = new Int32Array(SMALL + DOUBLINGS + 1)
  readonly #lowest = new Int32Array(SMALL + DOUBLINGS + 1)
  readonly #threshold: Float64Array
  readonly #alias: Int32Array

  constructor(random: Random) {
    this.#random = random
    const means = Array.from({ length: SMALL + DOUBLINGS + 1 }, (_, t) => (t <= SMALL ? t : SMALL * 2 ** (t - SMALL)))
    const tables = means.map(poissonProbabilities)
    const columns = tables.reduce((sum, table) => sum + table.probabilities.length, 0)
    this.#threshold = new Float64Array(columns)
    this.#alias = new Int32Array(columns)
    let from = 0
    tables.forEach(({ lowest, probabilities }, t) => {
      const { threshold, alias } = aliasTable(probabilities)
      const shift = 32 - Math.log2(probabilities.length)
      this.#from[t] = from
      this.#shift[t] = shift
      this.#lowest[t] = lowest
      this.#threshold.set(
        threshold.map((share) => Math.round(share * 2 ** shift)),
        from,
      )
      this.#alias.set(alias, from)
      from += probabilities.length
    })
  }

  /** A Poisson number with this mean, 0 or more. */
  draw(mean: number): number {
    if (mean <= SMALL && mean === (mean | 0)) return this.#fromTable(mean)
    const whole = Math.floor(mean)
    let sum = this.#fromTable(whole % SMALL) + (whole < mean ? this.#fraction(mean - whole) : 0)
    for (let times = Math.floor(whole / LARGEST); times > 0; times--) sum += this.#fromTable(SMALL + DOUBLINGS)
    let table = SMALL
    for (let rest = Math.floor((whole % LARGEST) / SMALL); rest > 0; rest >>= 1) {
      if (rest & 1) sum += this.#fromTable(table)
      table++
    }
    return sum
  }

  #fromTable(table: number): number {
    if (table === 0) return 0
    const shift = this.#shift[table] as number
    const word = this.#random.bits() >>> 0
    const column = word >>> shift
    const at = (this.#from[table] as number) + column
    const remainder = word & ((1 << shift) - 1)
    const lowest = this.#lowest[table] as number
    return lowest + (remainder < (this.#threshold[at] as number) ? column : (this.#alias[at] as number))
  }

  /** Inversion, for a mean below 1. */
  #fraction(mean: number): number {
    let left = this.#random.uniform()
    let probability = Math.exp(-mean)
    let k = 0
    while (left > probability && k < 40) {
      left -= probability
      k++
      probability *= mean / k
    }
    return k
  }
}

/** The probabilities of a window around the mean that holds all but 1e-15, padded to a power of two. */
function poissonProbabilities(mean: number): { lowest: number; probabilities: Float64Array } {
  const reach = Math.ceil(8.5 * Math.sqrt(mean) + 12)
  const lowest = Math.max(0, mean - reach)
  const width = 2 ** Math.ceil(Math.log2(mean + reach - lowest + 1))
  const probabilities = new Float64Array(width)
  const mode = mean - lowest
  probabilities[mode] = 1
  for (let k = mode + 1; k < width; k++) probabilities[k] = ((probabilities[k - 1] as number) * mean) / (lowest + k)
  for (let k = mode - 1; k >= 0; k--) probabilities[k] = ((probabilities[k + 1] as number) * (lowest + k + 1)) / mean
  const total = probabilities.reduce((sum, p) => sum + p, 0)
  return { lowest, probabilities: probabilities.map((p) => p / total) }
}

/** Vose's construction (1991): a column keeps itself with its threshold and gives way to its alias otherwise. */
function aliasTable(probabilities: Float64Array): { threshold: Float64Array; alias: Int32Array } {
  const width = probabilities.length
  const share = probabilities.map((p) => p * width)
  const threshold = new Float64Array(width).fill(1)
  const alias = Int32Array.from({ length: width }, (_, k) => k)
  const small: number[] = []
  const large: number[] = []
  share.forEach((value, k) => (value < 1 ? small : large).push(k))
  while (small.length > 0 && large.length > 0) {
    const poor = small.pop() as number
    const rich = large.at(-1) as number
    threshold[poor] = share[poor] as number
    alias[poor] = rich
    share[rich] = (share[rich] as number) - (1 - (share[poor] as number))
    if ((share[rich] ?? 0) < 1) {
      large.pop()
      small.push(rich)
    }
  }
  return { threshold, alias }
}
