import type { PairTable } from './pair-table.ts'
import { PoissonSampler, type EqualCells } from './poisson.ts'
import type { Random } from './random.ts'

/**
 * A table whose counts can be redrawn in place: how often each outcome of each pair occurs is Poisson around what was
 * seen. Casts: rows are below the length of the columns.
 */
export class Resampler {
  readonly table: PairTable
  readonly #columns: readonly ResampledColumn[]
  readonly #sampler: PoissonSampler

  constructor(table: PairTable, random: Random) {
    const { rows } = table
    this.#sampler = new PoissonSampler(random)
    const win = resampledColumn(table.win, table.winSquares, rows)
    const loss = resampledColumn(table.loss, table.lossSquares, rows)
    const tie = resampledColumn(table.tie, table.tieSquares, rows)
    this.#columns = [win, loss, tie]
    this.table = { ...table, win: win.out, loss: loss.out, tie: tie.out }
  }

  redraw(): void {
    for (const { groups, out } of this.#columns) {
      for (const group of groups) this.#sampler.drawAll(group, out)
    }
  }
}

interface ResampledColumn {
  /** Cells of mean 0 are in none: they stay 0. */
  readonly groups: readonly EqualCells[]
  readonly out: Float64Array
}

function resampledColumn(sums: Float64Array, squares: Float64Array, rows: number): ResampledColumn {
  const means = effectiveCounts(sums, squares, rows)
  const groups = new Map<string, { mean: number; weight: number; cells: number[] }>()
  means.forEach((mean, r) => {
    if (mean === 0) return
    const weight = (squares[r] ?? 0) / (sums[r] ?? 1)
    const key = `${mean} ${weight}`
    const group = groups.get(key)
    if (group) group.cells.push(r)
    else groups.set(key, { mean, weight, cells: [r] })
  })
  const lists = [...groups.values()].map((group) => ({ ...group, cells: Int32Array.from(group.cells) }))
  return { groups: lists, out: new Float64Array(rows) }
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
