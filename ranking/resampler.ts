import type { PairTable } from './pair-table.ts'
import { PoissonSampler } from './poisson.ts'
import type { Random } from './random.ts'

/**
 * A table whose counts can be redrawn in place: how often each outcome of each pair occurs is Poisson around what was
 * seen. Casts: rows are below the length of the columns.
 */
export class Resampler {
  readonly table: PairTable
  readonly #cells: readonly { mean: Float64Array; weight: Float64Array; out: Float64Array }[]
  readonly #sampler: PoissonSampler

  constructor(table: PairTable, random: Random) {
    const { rows } = table
    this.#sampler = new PoissonSampler(random)
    const column = (sums: Float64Array, squares: Float64Array) => ({
      mean: effectiveCounts(sums, squares, rows),
      weight: Float64Array.from({ length: rows }, (_, r) =>
        (sums[r] ?? 0) > 0 ? (squares[r] ?? 0) / (sums[r] ?? 1) : 1,
      ),
      out: new Float64Array(rows),
    })
    const win = column(table.win, table.winSquares)
    const loss = column(table.loss, table.lossSquares)
    const tie = column(table.tie, table.tieSquares)
    this.#cells = [win, loss, tie]
    this.table = { ...table, win: win.out, loss: loss.out, tie: tie.out }
  }

  redraw(): void {
    for (const { mean, weight, out } of this.#cells) {
      for (let r = 0; r < out.length; r++) {
        out[r] = (weight[r] as number) * this.#sampler.draw(mean[r] as number)
      }
    }
  }
}

/** (Σw)² / Σw²: as many equal votes have the same mean and variance. */
function effectiveCounts(sums: Float64Array, squares: Float64Array, rows: number): Float64Array {
  if (sums === squares) return sums.slice(0, rows)
  return Float64Array.from({ length: rows }, (_, r) => {
    const sum = sums[r] ?? 0
    const count = sum > 0 ? (sum * sum) / (squares[r] ?? 1) : 0
    return Math.abs(count - Math.round(count)) < 1e-9 ? Math.round(count) : count
  })
}
