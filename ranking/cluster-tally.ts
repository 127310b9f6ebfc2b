import { grownFloats } from './growing.ts'
import { KeyTable } from './key-table.ts'
import type { ClusterCells } from './cluster-cells.ts'

/**
 * Votes summed by (cluster, row of the pair table): all that a clustered covariance needs, so a voter who judges the
 * same pairs all day costs no more than one who judged them once. About 40 bytes a distinct cell.
 * Casts: cells are numbered below `size`.
 */
export class ClusterTally {
  readonly #keys = new KeyTable()
  #votes: Float64Array = new Float64Array(16)
  #score: Float64Array = new Float64Array(16)
  #clusters = 0

  add(cluster: number, row: number, score: number, weight: number): void {
    const cell = this.#keys.add(cluster, row)
    this.#votes = grownFloats(this.#votes, cell + 1)
    this.#score = grownFloats(this.#score, cell + 1)
    this.#votes[cell] = (this.#votes[cell] as number) + weight
    this.#score[cell] = (this.#score[cell] as number) + weight * score
    this.#clusters = Math.max(this.#clusters, cluster + 1)
  }

  /** The cells sorted by cluster (counting sort, O(cells + clusters)); empty ones are left out. */
  cells(): ClusterCells {
    const { size, first: cluster, second: row } = this.#keys
    const start = new Int32Array(this.#clusters + 1)
    for (let k = 0; k < size; k++) {
      if (this.#isEmpty(k)) continue
      const c = (cluster[k] as number) + 1
      start[c] = (start[c] as number) + 1
    }
    for (let c = 0; c < this.#clusters; c++) start[c + 1] = (start[c + 1] as number) + (start[c] as number)
    const total = start[this.#clusters] as number
    const sorted = {
      start,
      row: new Int32Array(total),
      votes: new Float64Array(total),
      score: new Float64Array(total),
    }
    const next = start.slice()
    for (let k = 0; k < size; k++) {
      if (this.#isEmpty(k)) continue
      const c = cluster[k] as number
      const at = next[c] as number
      next[c] = at + 1
      sorted.row[at] = row[k] as number
      sorted.votes[at] = this.#votes[k] as number
      sorted.score[at] = this.#score[k] as number
    }
    return sorted
  }

  /** Taken back to nothing, up to the rounding of weights. */
  #isEmpty(cell: number): boolean {
    return Math.abs(this.#votes[cell] as number) < 1e-9
  }
}
