import type { Random } from './random.ts'

/** Whole means up to here get a table each when they first occur; larger ones are sums, as Poisson variables add up. */
const LARGEST = 4096
const WORDS = 2048

/** Walker's table for one mean: threshold and alias of every column, side by side. */
interface AliasTable {
  readonly columns: Int32Array
  /** How far a random word is shifted to give a column. */
  readonly shift: number
  readonly lowest: number
}

/** Cells that are drawn alike. */
export interface EqualCells {
  readonly mean: number
  /** What a drawn number is multiplied with. */
  readonly weight: number
  readonly cells: Int32Array
}

/**
 * Draws Poisson numbers by Walker's alias method (1977), one random word each, sums of several for very large means, and
 * inversion for a fraction. Casts: positions are inside the tables.
 */
export class PoissonSampler {
  readonly #random: Random
  readonly #words = new Int32Array(WORDS)
  readonly #tables = new Map<number, AliasTable>()

  constructor(random: Random) {
    this.#random = random
  }

  /**
   * Draws for many cells at once: `out[cell] = weight × a Poisson number of this mean`, for each cell of a list. All
   * share one table, which then stays at hand; broken means and very large ones take `draw`.
   */
  drawAll({ mean, weight, cells }: EqualCells, out: Float64Array): void {
    if (mean > LARGEST || mean !== (mean | 0)) {
      for (let k = 0; k < cells.length; k++) out[cells[k] as number] = weight * this.draw(mean)
      return
    }
    const { columns, shift, lowest } = this.#tableOf(mean)
    const mask = (1 << shift) - 1
    for (let start = 0; start < cells.length; start += WORDS) {
      const end = Math.min(cells.length, start + WORDS)
      const words = end - start === WORDS ? this.#words : this.#words.subarray(0, end - start)
      this.#random.fill(words)
      for (let k = start; k < end; k++) {
        const word = words[k - start] as number
        const column = word >>> shift
        const alias = columns[2 * column + 1] as number
        // 1 where the rest of the word is below the threshold: a branch would be mispredicted every third time.
        const isOwn = ((word & mask) - (columns[2 * column] as number)) >>> 31
        out[cells[k] as number] = weight * (lowest + alias + isOwn * (column - alias))
      }
    }
  }

  /** A Poisson number with this mean, 0 or more. */
  draw(mean: number): number {
    const whole = Math.floor(mean)
    let sum = whole < mean ? this.#fraction(mean - whole) : 0
    for (let times = Math.floor(whole / LARGEST); times > 0; times--) sum += this.#fromTable(LARGEST)
    return whole % LARGEST > 0 ? sum + this.#fromTable(whole % LARGEST) : sum
  }

  #fromTable(mean: number): number {
    const { columns, shift, lowest } = this.#tableOf(mean)
    const word = this.#random.bits()
    const column = word >>> shift
    const isOwn = (word & ((1 << shift) - 1)) < (columns[2 * column] as number)
    return lowest + (isOwn ? column : (columns[2 * column + 1] as number))
  }

  #tableOf(mean: number): AliasTable {
    const known = this.#tables.get(mean)
    if (known) return known
    const { lowest, probabilities } = poissonProbabilities(mean)
    const { threshold, alias } = aliasTable(probabilities)
    const shift = 32 - Math.log2(probabilities.length)
    const columns = new Int32Array(2 * probabilities.length)
    threshold.forEach((share, column) => {
      columns[2 * column] = Math.round(share * 2 ** shift)
      columns[2 * column + 1] = alias[column] as number
    })
    const table = { columns, shift, lowest }
    this.#tables.set(mean, table)
    return table
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
