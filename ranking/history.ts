import { fitBoard, withSandwich } from './board-fit.ts'
import { boardRows } from './board-rows.ts'
import type { RankedRow } from './board.ts'
import type { Clusters } from './cluster-cells.ts'
import { ClusterTally } from './cluster-tally.ts'
import { bareEstimate, estimateFrom } from './component-estimate.ts'
import type { ComponentFit } from './component-fit.ts'
import { ModelTally } from './model-tally.ts'
import { mirrored, scoreOf } from './outcome.ts'
import { PairTally } from './pair-tally.ts'
import { POINTS_PER_LOGIT } from './scale.ts'
import { WITHDRAWN, type VoteColumns } from './vote-columns.ts'

export interface HistoryOptions {
  /** Also intervals, at the cost of a covariance a point. */
  readonly intervals?: boolean
  /** Voters, for clustered intervals. Votes without one are left out of the clustering. */
  readonly clusters?: Clusters | undefined
  readonly minimumVotes?: number
  readonly level?: number
}

export interface HistoryPoint {
  /** How many entries of the log the point takes in. */
  readonly votes: number
  /** The board as it stood; without intervals `se` is 0 and places go by order alone. */
  readonly rows: readonly RankedRow[]
}

/**
 * The board after each of some numbers of votes (ascending), Bradley–Terry. Votes are taken in once, and every point
 * starts from the one before: it costs the votes since then and two or three Newton steps on pairs. The last point
 * equals the batch fit. Casts: votes are in range.
 */
export function ratingHistory(
  votes: VoteColumns,
  cuts: Iterable<number>,
  options: HistoryOptions = {},
): HistoryPoint[] {
  const { intervals = false, clusters, minimumVotes = 30, level = 0.95 } = options
  const pairs = new PairTally(false)
  const totals = new ModelTally()
  const cells = intervals && clusters ? new ClusterTally() : undefined
  const points: HistoryPoint[] = []
  let previous: readonly ComponentFit[] | undefined
  let taken = 0
  const take = (v: number) => {
    const code = votes.outcome[v] as number
    const weight = votes.weight ? (votes.weight[v] as number) : 1
    if (code === WITHDRAWN || weight === 0) return
    const a = votes.a[v] as number
    const b = votes.b[v] as number
    const row = pairs.rowOf(a, b)
    const score = scoreOf(pairs.isMirrored(a, b) ? mirrored(code) : code)
    pairs.count(row, score, weight, 1)
    totals.count(a, b, code, 1)
    const voter = clusters?.of[v] ?? -1
    if (cells && voter >= 0) cells.add(voter, row, score, weight)
  }
  for (const cut of cuts) {
    for (; taken < Math.min(cut, votes.length); taken++) take(taken)
    const table = pairs.table(votes.models)
    const fits = fitBoard(table, { method: 'bt', side: false, previous })
    const estimates = intervals
      ? withSandwich(fits, table, cells?.cells()).map((fit) => estimateFrom(fit, fit.covariance, level))
      : fits.map(({ component, point }) =>
          bareEstimate(
            component,
            Float64Array.from(component.models, (_, i) => POINTS_PER_LOGIT * (point[i] ?? 0)),
          ),
        )
    points.push({ votes: taken, rows: boardRows(estimates, { totals, minimumVotes }) })
    previous = fits
  }
  return points
}
