import { fitBoard, localTable } from './board-fit.ts'
import { boardRows } from './board-rows.ts'
import type { Board, RankedRow } from './board.ts'
import { sortByCluster, type ClusterOrder, type Clusters } from './cluster-cells.ts'
import { bareEstimate, estimateFrom } from './component-estimate.ts'
import type { ComponentFit } from './component-fit.ts'
import { modelCovariance, sandwichCovariance, type Covariance } from './covariance.ts'
import { CorePrior, PRIOR_PRECISION } from './core-prior.ts'
import { effectsOf } from './effects.ts'
import { isWild } from './likelihood.ts'
import { votesByModel, type PairTable } from './pair-table.ts'
import { DEFAULT_OPTIONS, RankingRefusal, type RankOptions } from './rank-options.ts'
import { POINTS_PER_LOGIT } from './scale.ts'
import { MOST_FEATURES, standardisedDifferences, type StyleFeature } from './style-features.ts'
import { fitStyle } from './style-fit.ts'
import { StyleSystem } from './style-system.ts'
import { sortByRow, type StyleVotes } from './style-votes.ts'
import { sandwichName, toBoard } from './to-board.ts'
import { WITHDRAWN, type VoteColumns } from './vote-columns.ts'
import { tallyVotes } from './vote-tally.ts'

export interface StyleRankOptions extends Partial<RankOptions> {
  readonly features: readonly StyleFeature[]
  readonly clusters?: Clusters | undefined
}

/**
 * Ranks votes as if all answers looked alike: Bradley–Terry with the differences of up to four style features beside
 * the strengths. `effects` hold the advantage of side a, if asked for, and one coefficient a feature, in logits per
 * standard deviation. A feature without variation has none. Two coefficients that only differ by rounding are refused.
 */
export function rankWithStyle(votes: VoteColumns, options: StyleRankOptions): Board<RankedRow> {
  const all = { ...DEFAULT_OPTIONS, ...options }
  refuse(all, options.features.length)
  const counts = (v: number) => votes.outcome[v] !== WITHDRAWN
  const features = standardisedDifferences(options.features, votes.length, counts)
  const tally = tallyVotes(votes, all.side)
  const sorted = sortByRow(votes, tally, { features })
  const plain = fitBoard(tally.table, { method: 'bt', side: all.side })
  const clusters = options.clusters && all.interval === 'sandwich' ? sortByCluster(options.clusters) : undefined
  const fits = plain.map((fit) => {
    const styled = styleFit(fit, localTable(tally.table, fit.component), { votes: sorted, side: all.side })
    return { ...styled, covariance: covarianceOf(styled, all, clusters) }
  })
  const main = fits[0]
  const estimates = fits.map((fit) =>
    fit.covariance
      ? estimateFrom(fit, fit.covariance, all.level)
      : bareEstimate(
          fit.component,
          fit.point.subarray(0, fit.system.models).map((theta) => POINTS_PER_LOGIT * theta),
        ),
  )
  const clusterCount = main?.covariance?.clusters ?? 0
  return toBoard(fits, boardRows(estimates, { ...all, totals: tally.totals }), {
    method: 'bt with style',
    interval:
      all.interval === 'sandwich' ? sandwichName(clusters && options.clusters?.name, clusterCount) : all.interval,
    votes: tally.votes,
    clusters: clusterCount,
    effects: main ? effectsOf(main, { errors: (i) => main.covariance?.errors[i] ?? 0 }) : [],
  })
}

function refuse({ method, interval, weights }: RankOptions, features: number): void {
  if (method !== 'bt') throw new RankingRefusal(`style control is part of Bradley–Terry, not of ${method}`)
  if (interval === 'bootstrap')
    throw new RankingRefusal('style control needs every vote, and the bootstrap has only pair counts')
  if (weights !== 'none') throw new RankingRefusal('style control cannot be combined with reweighted pairs')
  if (features > MOST_FEATURES) throw new RankingRefusal(`at most ${MOST_FEATURES} style features, got ${features}`)
}

function styleFit(
  { component, point }: ComponentFit,
  table: PairTable,
  { votes, side }: { votes: StyleVotes; side: boolean },
): ComponentFit<StyleSystem> {
  const prior = new CorePrior(component.isCore)
  const attempt = (extraPrecision: number) => {
    const system = new StyleSystem(table, prior, { votes, rows: component.rows, side, extraPrecision })
    const start = new Float64Array(system.size)
    start.set(point.subarray(0, table.models))
    return { component, system, ...fitStyle(system, start) }
  }
  const free = attempt(0)
  return isWild(free.system, free) ? attempt(PRIOR_PRECISION) : free
}

function covarianceOf(
  { system, point }: ComponentFit<StyleSystem>,
  { interval }: RankOptions,
  clusters: ClusterOrder | undefined,
): Covariance | undefined {
  if (interval === 'none') return undefined
  if (interval === 'model') return modelCovariance(system)
  return sandwichCovariance(system, votesByModel(system.table), {
    plain: () => system.meat(point),
    clustered: clusters && (() => system.clusteredMeat(point, clusters)),
  })
}
