import { MOST_FEATURES, type StandardFeature } from './style-features.ts'
import { WITHDRAWN, type VoteColumns } from './vote-columns.ts'
import type { VoteTally } from './vote-tally.ts'

/** Votes sorted by the row of their pair table, seen from the row's first model. */
export interface StyleVotes {
  readonly features: readonly string[]
  /** Votes of row r: start[r] … start[r + 1] − 1. */
  readonly start: Int32Array
  /** 0, 1, 2 for a loss, tie, win of the first model. */
  readonly halfWins: Uint8Array
  readonly weight: Float64Array | undefined
  /** Four numbers a vote; features that are not there are 0. */
  readonly z: Float32Array
  /** Where in this order each vote of the log stands; -1 for votes that do not count. */
  readonly place: Int32Array
}

/** Sorts votes by row (counting sort). z turns its sign where the row's first model stood on side b. Casts: in range. */
export function sortByRow(
  votes: VoteColumns,
  { table, rowOf, rowIndex, oriented }: VoteTally,
  { features, counts }: { features: readonly StandardFeature[]; counts?: (vote: number) => boolean },
): StyleVotes {
  const { length, a, b, outcome, models } = votes
  const row = new Int32Array(length).fill(-1)
  const start = new Int32Array(table.rows + 1)
  for (let v = 0; v < length; v++) {
    if (outcome[v] === WITHDRAWN || (counts && !counts(v))) continue
    const i = a[v] as number
    const j = b[v] as number
    const r = rowIndex ? (rowIndex[i * models + j] as number) : rowOf(i, j)
    row[v] = r
    if (r >= 0) start[r + 1] = (start[r + 1] as number) + 1
  }
  for (let r = 0; r < table.rows; r++) start[r + 1] = (start[r + 1] as number) + (start[r] as number)
  const next = start.slice()
  const total = start[table.rows] as number
  const halfWins = new Uint8Array(total)
  const z = new Float32Array(total * MOST_FEATURES)
  const weight = votes.weight && new Float64Array(total)
  const none = new Float32Array(length)
  const column = (k: number) => features[k]?.z ?? none
  const [z0, z1, z2, z3] = [column(0), column(1), column(2), column(3)]
  for (let v = 0; v < length; v++) {
    const r = row[v] as number
    if (r < 0) continue
    const at = next[r] as number
    next[r] = at + 1
    row[v] = at
    const isMirrored = !oriented && (a[v] as number) > (b[v] as number)
    const code = outcome[v] as number
    const score = code === 0 ? 2 : code === 1 ? 0 : 1
    halfWins[at] = isMirrored ? 2 - score : score
    if (weight && votes.weight) weight[at] = votes.weight[v] as number
    const sign = isMirrored ? -1 : 1
    const to = at * MOST_FEATURES
    z[to] = sign * (z0[v] as number)
    z[to + 1] = sign * (z1[v] as number)
    z[to + 2] = sign * (z2[v] as number)
    z[to + 3] = sign * (z3[v] as number)
  }
  return { features: features.map((feature) => feature.name), start, halfWins, weight, z, place: row }
}
