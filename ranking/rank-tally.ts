import { fitBoard, localCells, withModelCovariance, withSandwich, type FittedComponent } from './board-fit.ts'
import { boardRows } from './board-rows.ts'
import type { Board, RankedRow } from './board.ts'
import { bootstrapReplicates } from './bootstrap.ts'
import { bareEstimate, estimateFrom, normalEstimate, type ComponentEstimate } from './component-estimate.ts'
import type { ComponentFit } from './component-fit.ts'
import { effectsOf } from './effects.ts'
import { inverseProbabilityWeights, reweighted, reweightedClusters } from './inverse-probability.ts'
import type { ClusterData } from './cluster-cells.ts'
import type { PairTable } from './pair-table.ts'
import { percentileEstimate, standardDeviation, type Replicates } from './percentiles.ts'
import { createRandom } from './random.ts'
import { RankingRefusal, type Method, type RankOptions } from './rank-options.ts'
import { Resampler } from './resampler.ts'
import { POINTS_PER_LOGIT } from './scale.ts'
import { sandwichName, toBoard } from './to-board.ts'
import type { VoteTally } from './vote-tally.ts'
import { winRates } from './win-rate.ts'

/** Clusters as cells of the table, and what they are called. */
export interface NamedCells {
  readonly name: string
  readonly cells: ClusterData
}

/** Ranks counted votes by any method that needs only counts. The table is oriented when `side` is asked for. */
export function rankTally(tally: VoteTally, options: RankOptions, clusters?: NamedCells): Board<RankedRow> {
  const input = weigh(tally.table, options, clusters?.cells)
  const method = options.method === 'davidson' || options.method === 'rao-kupper' ? options.method : 'bt'
  const fits = fitBoard(input.table, { method, side: options.side })
  const answer =
    options.method === 'win-rate'
      ? winRateAnswer(fits, input, { options, clusterName: clusters?.name })
      : likelihoodAnswer(fits, input, { options, clusterName: clusters?.name })
  const rows = boardRows(answer.estimates, { ...options, totals: tally.totals })
  return toBoard(fits, rows, {
    method: usedMethod(options.method, fits[0]),
    interval: answer.interval,
    votes: tally.votes,
    clusters: answer.clusters,
    effects: answer.effects,
  })
}

/** A ties model that the votes leave without an optimum has given way to Bradley–Terry. */
function usedMethod(asked: Method, main: ComponentFit | undefined): Method {
  const isTies = asked === 'davidson' || asked === 'rao-kupper'
  return isTies && main && !main.system.tieScores() ? 'bt' : asked
}

interface Weighed {
  readonly table: PairTable
  readonly cells: ClusterData | undefined
}

function weigh(table: PairTable, { weights }: RankOptions, cells: ClusterData | undefined): Weighed {
  if (weights === 'none') return { table, cells }
  const byRow = inverseProbabilityWeights(table)
  return { table: reweighted(table, byRow), cells: cells && reweightedClusters(cells, byRow) }
}

interface Answer {
  readonly estimates: readonly ComponentEstimate[]
  readonly effects: Board['effects']
  readonly interval: string
  readonly clusters: number
}

interface Question {
  readonly options: RankOptions
  readonly clusterName: string | undefined
}

function likelihoodAnswer(fits: readonly ComponentFit[], { table, cells }: Weighed, question: Question): Answer {
  const { options, clusterName } = question
  const effects = (fitted: readonly FittedComponent[]) => {
    const main = fitted[0]
    return main ? effectsOf(main, { errors: (i) => main.covariance.errors[i] ?? 0 }) : []
  }
  const normal = (fitted: readonly FittedComponent[]) =>
    fitted.map((fit) => estimateFrom(fit, fit.covariance, options.level))
  switch (options.interval) {
    case 'none': {
      const main = fits[0]
      return {
        estimates: fits.map((fit) => bareEstimate(fit.component, ratingsOf(fit))),
        effects: main ? effectsOf(main) : [],
        interval: 'none',
        clusters: 0,
      }
    }
    case 'model': {
      const fitted = withModelCovariance(fits)
      return { estimates: normal(fitted), effects: effects(fitted), interval: 'model', clusters: 0 }
    }
    case 'sandwich': {
      const fitted = withSandwich(fits, table, cells)
      const clusters = fitted[0]?.covariance.clusters ?? 0
      const interval = sandwichName(cells && clusterName, clusters)
      return { estimates: normal(fitted), effects: effects(fitted), interval, clusters }
    }
    case 'bootstrap': {
      const fitted = withModelCovariance(fits)
      const sampled = fitted.map((fit) => bootstrapped(fit, options))
      return {
        estimates: sampled.map(({ estimate }) => estimate),
        effects: sampled[0]?.effects ?? [],
        interval: `bootstrap, ${options.rounds} rounds`,
        clusters: 0,
      }
    }
  }
}

function bootstrapped(fit: FittedComponent, { rounds, seed, level }: RankOptions) {
  const stride = fit.system.size
  const logits = bootstrapReplicates(fit, { rounds, random: createRandom(seed) })
  const values = logits.map((value) => POINTS_PER_LOGIT * value)
  const column = (i: number) => logits.filter((_, k) => k % stride === i)
  return {
    estimate: percentileEstimate(fit.component, ratingsOf(fit), { values, stride }, level),
    effects: effectsOf(fit, { errors: (i) => standardDeviation(column(i)) }),
  }
}

function ratingsOf({ point, component }: ComponentFit): Float64Array {
  return Float64Array.from(component.models, (_, i) => POINTS_PER_LOGIT * (point[i] ?? 0))
}

function winRateAnswer(fits: readonly ComponentFit[], { table, cells }: Weighed, question: Question): Answer {
  const { options, clusterName } = question
  const { level } = options
  const estimates = fits.map(({ component, system }) => {
    const own = cells && localCells(cells, table, component)
    const { ratings, covariance } = winRates(system.table, own)
    const size = ratings.length
    const at = (i: number, j: number) => covariance[i * size + j] ?? 0
    switch (options.interval) {
      case 'none':
        return bareEstimate(component, ratings)
      case 'bootstrap':
        return percentileEstimate(component, ratings, winRateReplicates(system.table, options), level)
      case 'model':
        throw new RankingRefusal('win rates have no model, so no model-based intervals')
      case 'sandwich':
        return normalEstimate(component, ratings, {
          level,
          error: (i) => Math.sqrt(Math.max(0, at(i, i))),
          errorOfDifference: (i, j) => Math.sqrt(Math.max(0, at(i, i) + at(j, j) - 2 * at(i, j))),
        })
    }
  })
  const effects = likelihoodAnswer(fits.slice(0, 1), { table, cells }, question).effects
  return { estimates, effects, interval: winRateInterval(options, cells && clusterName), clusters: 0 }
}

function winRateInterval({ interval, rounds }: RankOptions, clusterName: string | undefined): string {
  if (interval === 'none') return 'none'
  if (interval === 'bootstrap') return `bootstrap, ${rounds} rounds`
  return clusterName ? `sandwich by ${clusterName}` : 'sandwich'
}

function winRateReplicates(table: PairTable, { rounds, seed }: RankOptions): Replicates {
  const resampler = new Resampler(table, createRandom(seed))
  const stride = table.models
  const values = new Float64Array(rounds * stride)
  for (let round = 0; round < rounds; round++) {
    resampler.redraw()
    values.set(winRates(resampler.table).ratings, round * stride)
  }
  return { values, stride }
}
