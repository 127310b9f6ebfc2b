import type { Random } from './random.ts'

/** Whole means up to here have a table each; larger ones are sums, as Poisson variables add up. */
const SMALL = 64
/** Tables for 64 · 2^k, up to this k. */
const DOUBLINGS = 14
const LARGEST = SMALL * 2 ** DOUBLINGS

/** Cells that are drawn alike. */
export interface EqualCells {
  readonly mean: number
  /** What a drawn number is multiplied with. */
  readonly weight: number
  readonly cells: Int32Array
}

/**
 * Draws Poisson numbers by Walker's alias method (1977), one random word each: from a table for every whole mean up to
 * 64 and for 128, 256 … (few and small, so that they stay in cache), sums of those for the rest, and inversion for a
 * fraction. Casts: positions are inside the tables.
 */
export class PoissonSampler {
  readonly #random: Random
  readonly #words = new Int32Array(2048)
  /** By table: where its columns start, how far a random word is shifted to give a column, its lowest value. */
  readonly #from = new Int32Array(SMALL + DOUBLINGS + 1)
  readonly #shift = new Int32Array(SMALL + DOUBLINGS + 1)
  readonly #lowest = new Int32Array(SMALL + DOUBLINGS + 1)
  /** Threshold and alias of every column. */
  readonly #table: Int32Array

  constructor(random: Random) {
    this.#random = random
    const means = Array.from({ length: SMALL + DOUBLINGS + 1 }, (_, t) => (t <= SMALL ? t : SMALL * 2 ** (t - SMALL)))
    const tables = means.map(poissonProbabilities)
    const columns = tables.reduce((sum, table) => sum + table.probabilities.length, 0)
    this.#table = new Int32Array(2 * columns)
    let from = 0
    tables.forEach(({ lowest, probabilities }, t) => {
      const { threshold, alias } = aliasTable(probabilities)
      const shift = 32 - Math.log2(probabilities.length)
      this.#from[t] = from
      this.#shift[t] = shift
      this.#lowest[t] = lowest
      threshold.forEach((share, column) => {
        this.#table[from + 2 * column] = Math.round(share * 2 ** shift)
        this.#table[from + 2 * column + 1] = alias[column] as number
      })
      from += 2 * probabilities.length
    })
  }

  /**
   * Draws for many cells at once: `out[cell] = weight × a Poisson number of this mean`, for each cell of a list.
   * All share one table, which then stays at hand; broken means and those above 64 take `draw`.
   */
  drawAll({ mean, weight, cells }: EqualCells, out: Float64Array): void {
    if (mean > SMALL || mean !== (mean | 0)) {
      for (let k = 0; k < cells.length; k++) {
        out[cells[k] as number] = weight * this.draw(mean)
      }
      return
    }
    const words = this.#words
    const table = this.#table
    const from = this.#from[mean] as number
    const shift = this.#shift[mean] as number
    const lowest = this.#lowest[mean] as number
    const mask = (1 << shift) - 1
    for (let start = 0; start < cells.length; start += words.length) {
      const end = Math.min(cells.length, start + words.length)
      this.#random.fill(end - start === words.length ? words : words.subarray(0, end - start))
      for (let k = start; k < end; k++) {
        const word = words[k - start] as number
        const column = word >>> shift
        const at = from + 2 * column
        const count = (word & mask) < (table[at] as number) ? column : (table[at + 1] as number)
        out[cells[k] as number] = weight * (lowest + count)
      }
    }
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
    const at = (this.#from[table] as number) + 2 * column
    const remainder = word & ((1 << shift) - 1)
    const lowest = this.#lowest[table] as number
    return lowest + (remainder < (this.#table[at] as number) ? column : (this.#table[at + 1] as number))
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
