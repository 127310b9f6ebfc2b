import { MOST_FEATURES } from './style-features.ts'
import type { StyleVotes } from './style-votes.ts'

/** What w is, f the weight of a vote: f p (1 − p), its squared residual, or what the model expects of that, f² p (1 − p). */
export type VoteWeighting = 'information' | 'squares' | 'spread'

/**
 * Sums over the votes of one row, the inner loops of style control: one exponential and one division a vote, or one a
 * row while all coefficients are 0. `slopes`
 * are Σ r and, running on over all rows, Σ r z_k; `products` are Σ w and Σ w z_k of the row; squares Σ w z_k z_l run on.
 * Casts: votes are inside the columns.
 */
export class RowSums {
  readonly slopes = new Float64Array(1 + MOST_FEATURES)
  readonly products = new Float64Array(1 + MOST_FEATURES)
  /** Lower triangle, row by row. */
  readonly #squares = new Float64Array((MOST_FEATURES * (MOST_FEATURES + 1)) / 2)
  readonly #votes: StyleVotes
  readonly #coefficients = new Float64Array(MOST_FEATURES)
  readonly #count: number

  constructor(votes: StyleVotes, coefficients: Float64Array) {
    this.#votes = votes
    this.#count = coefficients.length
    this.#coefficients.set(coefficients)
  }

  addSlopes(row: number, offset: number): void {
    addSlopes(this.#votes, row, { offset, coefficients: this.#coefficients, slopes: this.slopes })
  }

  addProducts(row: number, offset: number, weighting: VoteWeighting): void {
    const { slopes, products } = this
    const coefficients = this.#coefficients
    addProducts(this.#votes, row, { offset, coefficients, slopes, products, squares: this.#squares, weighting })
  }

  /** Writes the squares into the lower triangle of a matrix, from row and column `first`. */
  putSquares(matrix: Float64Array, size: number, first: number): void {
    for (let k = 0; k < this.#count; k++) {
      for (let l = 0; l <= k; l++) {
        matrix[(first + k) * size + first + l] = this.#squares[(k * (k + 1)) / 2 + l] as number
      }
    }
  }
}

interface Slopes {
  readonly offset: number
  readonly coefficients: Float64Array
  readonly slopes: Float64Array
}

function addSlopes(
  { start, halfWins, weight, z }: StyleVotes,
  row: number,
  { offset, coefficients, slopes }: Slopes,
): void {
  const c0 = coefficients[0] as number
  const c1 = coefficients[1] as number
  const c2 = coefficients[2] as number
  const c3 = coefficients[3] as number
  const end = start[row + 1] as number
  let slope = 0
  let slope0 = 0
  let slope1 = 0
  let slope2 = 0
  let slope3 = 0
  for (let v = start[row] as number; v < end; v++) {
    const at = 4 * v
    const z0 = z[at] as number
    const z1 = z[at + 1] as number
    const z2 = z[at + 2] as number
    const z3 = z[at + 3] as number
    const p = 1 / (1 + Math.exp(-(offset + c0 * z0 + c1 * z1 + c2 * z2 + c3 * z3)))
    let residual = p - 0.5 * (halfWins[v] as number)
    if (weight) residual *= weight[v] as number
    slope += residual
    slope0 += residual * z0
    slope1 += residual * z1
    slope2 += residual * z2
    slope3 += residual * z3
  }
  slopes[0] = slope
  slopes[1] = (slopes[1] as number) + slope0
  slopes[2] = (slopes[2] as number) + slope1
  slopes[3] = (slopes[3] as number) + slope2
  slopes[4] = (slopes[4] as number) + slope3
}

interface Products extends Slopes {
  readonly products: Float64Array
  readonly squares: Float64Array
  readonly weighting: VoteWeighting
}

function addProducts({ start, halfWins, weight, z }: StyleVotes, row: number, sums: Products): void {
  const { offset, coefficients, slopes, products, squares, weighting } = sums
  const c0 = coefficients[0] as number
  const c1 = coefficients[1] as number
  const c2 = coefficients[2] as number
  const c3 = coefficients[3] as number
  const end = start[row + 1] as number
  const isSquare = weighting === 'squares'
  const isFlat = c0 === 0 && c1 === 0 && c2 === 0 && c3 === 0
  const flat = 1 / (1 + Math.exp(-offset))
  const isSpread = weighting === 'spread'
  let slope = 0
  let slope0 = 0
  let slope1 = 0
  let slope2 = 0
  let slope3 = 0
  let sum = 0
  let sum0 = 0
  let sum1 = 0
  let sum2 = 0
  let sum3 = 0
  let sum00 = 0
  let sum10 = 0
  let sum11 = 0
  let sum20 = 0
  let sum21 = 0
  let sum22 = 0
  let sum30 = 0
  let sum31 = 0
  let sum32 = 0
  let sum33 = 0
  for (let v = start[row] as number; v < end; v++) {
    const at = 4 * v
    const z0 = z[at] as number
    const z1 = z[at + 1] as number
    const z2 = z[at + 2] as number
    const z3 = z[at + 3] as number
    const p = isFlat ? flat : 1 / (1 + Math.exp(-(offset + c0 * z0 + c1 * z1 + c2 * z2 + c3 * z3)))
    const factor = weight ? (weight[v] as number) : 1
    const residual = factor * (p - 0.5 * (halfWins[v] as number))
    const w = isSquare ? residual * residual : (isSpread ? factor * factor : factor) * p * (1 - p)
    slope += residual
    slope0 += residual * z0
    slope1 += residual * z1
    slope2 += residual * z2
    slope3 += residual * z3
    const w0 = w * z0
    const w1 = w * z1
    const w2 = w * z2
    const w3 = w * z3
    sum += w
    sum0 += w0
    sum1 += w1
    sum2 += w2
    sum3 += w3
    sum00 += w0 * z0
    sum10 += w1 * z0
    sum11 += w1 * z1
    sum20 += w2 * z0
    sum21 += w2 * z1
    sum22 += w2 * z2
    sum30 += w3 * z0
    sum31 += w3 * z1
    sum32 += w3 * z2
    sum33 += w3 * z3
  }
  slopes[0] = slope
  slopes[1] = (slopes[1] as number) + slope0
  slopes[2] = (slopes[2] as number) + slope1
  slopes[3] = (slopes[3] as number) + slope2
  slopes[4] = (slopes[4] as number) + slope3
  products[0] = sum
  products[1] = sum0
  products[2] = sum1
  products[3] = sum2
  products[4] = sum3
  const row4 = [sum00, sum10, sum11, sum20, sum21, sum22, sum30, sum31, sum32, sum33]
  for (let k = 0; k < row4.length; k++) squares[k] = (squares[k] as number) + (row4[k] as number)
}
