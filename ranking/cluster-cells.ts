import type { ClusterCells } from './meat.ts'
import { mirrored, scoreOf } from './outcome.ts'
import { WITHDRAWN, type VoteColumns } from './vote-columns.ts'
import type { VoteTally } from './vote-tally.ts'

/** The cluster of every vote: a voter, an item. Negative: a cluster of its own. */
export interface Clusters {
  /** What they are, for people: `voter`, `item`. */
  readonly name: string
  readonly of: Int32Array
}

/** Votes sorted by cluster: those of cluster c are order[start[c]] … order[start[c + 1] − 1]. */
export interface ClusterOrder {
  readonly start: Int32Array
  readonly order: Int32Array
}

/** A counting sort, O(votes + clusters). Votes without a cluster come last, one by one. Casts: positions are in range. */
export function sortByCluster({ of }: Clusters): ClusterOrder {
  let named = 0
  let alone = 0
  for (let v = 0; v < of.length; v++) {
    const cluster = of[v] as number
    if (cluster < 0) alone++
    else if (cluster >= named) named = cluster + 1
  }
  const start = new Int32Array(named + alone + 1)
  for (let v = 0; v < of.length; v++) {
    const cluster = of[v] as number
    if (cluster >= 0) start[cluster + 1] = (start[cluster + 1] as number) + 1
  }
  for (let c = 0; c < named; c++) start[c + 1] = (start[c + 1] as number) + (start[c] as number)
  for (let c = named; c < named + alone; c++) start[c + 1] = (start[c] as number) + 1
  const next = start.slice(0, named)
  const order = new Int32Array(of.length)
  let last = start[named] as number
  for (let v = 0; v < of.length; v++) {
    const cluster = of[v] as number
    if (cluster < 0) {
      order[last++] = v
      continue
    }
    const at = next[cluster] as number
    order[at] = v
    next[cluster] = at + 1
  }
  return { start, order }
}

/** The votes of one board as cluster cells, one a vote; those of other boards are marked by row -1. */
export function cellsOf(
  votes: VoteColumns,
  { rowOf }: VoteTally,
  { start, order }: ClusterOrder,
  { oriented, isMember }: { oriented: boolean; isMember: (vote: number) => boolean },
): ClusterCells {
  const { length } = order
  const row = new Int32Array(length)
  const weights = new Float64Array(length)
  const score = new Float64Array(length)
  const tie = new Float64Array(length)
  for (let k = 0; k < length; k++) {
    const v = order[k] as number
    const code = votes.outcome[v] as number
    if (code === WITHDRAWN || !isMember(v)) {
      row[k] = -1
      continue
    }
    const i = votes.a[v] as number
    const j = votes.b[v] as number
    const weight = votes.weight ? (votes.weight[v] as number) : 1
    row[k] = rowOf(i, j)
    weights[k] = weight
    score[k] = weight * scoreOf(!oriented && i > j ? mirrored(code) : code)
    tie[k] = code > 1 ? weight : 0
  }
  return { start, row, votes: weights, score, tie }
}
