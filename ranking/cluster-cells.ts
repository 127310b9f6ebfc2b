import { mirrored } from './outcome.ts'
import { WITHDRAWN, type VoteColumns } from './vote-columns.ts'
import type { Memberships, VoteTally } from './vote-tally.ts'

/** Votes gathered by cluster (voter, item): cluster c holds the cells start[c] … start[c + 1] − 1. */
export interface ClusterCells {
  readonly start: Int32Array
  /** Row of the pair table that a cell belongs to, or -1 for none. */
  readonly row: Int32Array
  /** Weight of its votes, and their half-win score from the point of view of the row's first model. */
  readonly votes: Float64Array
  readonly score: Float64Array
}

/** The same vote by vote, four bytes each: what a log gives without any hashing. */
export interface ClusteredVotes {
  readonly start: Int32Array
  /** 4 · row + outcome as the row's first model sees it (0 win, 1 loss, 2 tie), or -1 for votes of other boards. */
  readonly code: Int32Array
  readonly weight?: Float64Array | undefined
  /** A factor by row, of reweighted tables. */
  readonly rowWeight?: Float64Array | undefined
}

export type ClusterData = ClusterCells | ClusteredVotes

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

export function sortByCluster(clusters: Clusters): ClusterOrder {
  const { start, place } = placesByCluster(clusters)
  const order = new Int32Array(place.length)
  for (let v = 0; v < place.length; v++) order[place[v] as number] = v
  return { start, order }
}

/** Where each vote goes in the order of clusters, O(votes + clusters). Casts: positions are in range. */
function placesByCluster({ of }: Clusters): { start: Int32Array; place: Int32Array } {
  const { length } = of
  let named = 0
  let alone = 0
  for (let v = 0; v < length; v++) {
    const cluster = of[v] as number
    if (cluster < 0) alone++
    else if (cluster >= named) named = cluster + 1
  }
  const start = new Int32Array(named + alone + 1)
  for (let v = 0; v < length; v++) {
    const cluster = of[v] as number
    if (cluster >= 0) start[cluster + 1] = (start[cluster + 1] as number) + 1
  }
  for (let c = 0; c < named; c++) start[c + 1] = (start[c + 1] as number) + (start[c] as number)
  for (let c = named; c < named + alone; c++) start[c + 1] = (start[c] as number) + 1
  const next = start.slice(0, named)
  const place = new Int32Array(length)
  let last = start[named] as number
  for (let v = 0; v < length; v++) {
    const cluster = of[v] as number
    if (cluster < 0) {
      place[v] = last++
      continue
    }
    const at = next[cluster] as number
    place[v] = at
    next[cluster] = at + 1
  }
  return { start, place }
}

/** All votes of a log in the order of their clusters, made once for any number of boards. */
export interface SortedVotes {
  readonly name: string
  readonly start: Int32Array
  /** Where each vote of the log stands in this order. */
  readonly place: Int32Array
  /** In this order: 4 · (a · models + b) + outcome as the first model of its row sees it; -1 for withdrawn votes. */
  readonly battle: Int32Array
}

/** As many models as leave room in 31 bits. */
const MOST_MODELS = 23_000

export function sortVotes(votes: VoteColumns, clusters: Clusters, oriented: boolean): SortedVotes {
  const { models, length, a, b, outcome } = votes
  if (models > MOST_MODELS) throw new RangeError(`at most ${MOST_MODELS} models can be clustered, got ${models}`)
  const { start, place } = placesByCluster(clusters)
  const battle = new Int32Array(length)
  for (let v = 0; v < length; v++) {
    const code = outcome[v] as number
    const i = a[v] as number
    const j = b[v] as number
    const seen = !oriented && i > j ? mirrored(code) : code
    battle[place[v] as number] = code === WITHDRAWN ? -1 : (i * models + j) * 4 + (seen === 3 ? 2 : seen)
  }
  return { name: clusters.name, start, place, battle }
}

/** The votes of one board, in the order of their clusters. `isMember` tells which they are. */
export function clusteredVotes(
  { start, place, battle }: SortedVotes,
  { models, weight }: VoteColumns,
  { rowIndex, rowOf }: VoteTally,
  isMember?: (vote: number) => boolean,
): ClusteredVotes {
  const code = new Int32Array(place.length).fill(-1)
  const codeOf = (packed: number) => {
    const pair = packed >> 2
    const row = rowIndex ? (rowIndex[pair] as number) : rowOf(Math.floor(pair / models), pair % models)
    return row < 0 ? -1 : 4 * row + (packed & 3)
  }
  if (isMember) {
    for (let v = 0; v < place.length; v++) {
      const at = place[v] as number
      if ((battle[at] as number) >= 0 && isMember(v)) code[at] = codeOf(battle[at] as number)
    }
  } else {
    for (let k = 0; k < battle.length; k++) if ((battle[k] as number) >= 0) code[k] = codeOf(battle[k] as number)
  }
  if (!weight) return { start, code }
  const sorted = new Float64Array(place.length)
  for (let v = 0; v < place.length; v++) sorted[place[v] as number] = weight[v] as number
  return { start, code, weight: sorted }
}

/** Cells or votes of a whole table as those of some of its rows, which are renumbered. */
export function ofRows(data: ClusterData, rowMap: Int32Array): ClusterData {
  if (!('code' in data)) return { ...data, row: data.row.map((r) => rowMap[r] ?? -1) }
  const code = data.code.map((packed) => {
    const row = packed < 0 ? -1 : (rowMap[packed >> 2] as number)
    return row < 0 ? -1 : 4 * row + (packed & 3)
  })
  if (!data.rowWeight) return { ...data, code }
  const rowWeight = new Float64Array(data.rowWeight.length)
  rowMap.forEach((row, r) => {
    if (row >= 0) rowWeight[row] = data.rowWeight?.[r] ?? 1
  })
  return { ...data, code, rowWeight }
}

/** Is this vote on that board? */
export function memberOf({ board, start }: Memberships, wanted: number): (vote: number) => boolean {
  if (!start) return (vote) => board[vote] === wanted
  return (vote) => {
    for (let k = start[vote] ?? 0; k < (start[vote + 1] ?? 0); k++) if (board[k] === wanted) return true
    return false
  }
}
