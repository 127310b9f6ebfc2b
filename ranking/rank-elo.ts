import { fitBoard, withSandwich } from './board-fit.ts'
import { boardRows } from './board-rows.ts'
import type { Board, RankedRow } from './board.ts'
import { bareEstimate } from './component-estimate.ts'
import type { ComponentFit } from './component-fit.ts'
import { effectsOf } from './effects.ts'
import { playElo, type EloOptions } from './online-elo.ts'
import { percentileEstimate, type Replicates } from './percentiles.ts'
import { PoissonSampler } from './poisson.ts'
import { createRandom } from './random.ts'
import { RankingRefusal, type RankOptions } from './rank-options.ts'
import { toBoard } from './to-board.ts'
import { WITHDRAWN, type VoteColumns } from './vote-columns.ts'
import type { VoteTally } from './vote-tally.ts'

/** Rounds of the bootstrap of a rating that depends on the order of votes: each replays the whole log. */
const MOST_ROUNDS = 200

/**
 * Online Elo as a board. It has no covariance; its bootstrap replays the log with each vote occurring a Poisson(1)
 * number of times in its place. With `side`, side a is given beforehand the advantage that Bradley–Terry finds in the
 * same votes. Ratings are as played: their mean is the start, shifted to the anchor if there is one.
 */
export function rankByElo(
  votes: VoteColumns,
  tally: VoteTally,
  { options, isMember }: { options: RankOptions; isMember?: ((vote: number) => boolean) | undefined },
): Board<RankedRow> {
  const { interval, level } = options
  if (interval === 'model' || interval === 'sandwich') {
    throw new RankingRefusal('online Elo has no covariance: intervals by bootstrap, or none')
  }
  if (options.weights !== 'none')
    throw new RankingRefusal('online Elo takes votes one by one, so it cannot reweight pairs')
  const fits = fitBoard(tally.table, { method: 'bt', side: options.side })
  const effects = sideEffects(fits, tally, options)
  const elo = { ...options.elo, advantage: (effects[0]?.estimate ?? 0) * (options.elo.scale / Math.LN10) }
  const counted = outcomesOf(votes, isMember)
  const ratings = played(votes, counted, elo)
  const rounds = interval === 'bootstrap' ? Math.min(options.rounds, MOST_ROUNDS) : 0
  const replicates = rounds > 0 ? resampled(votes, counted, { elo, rounds, seed: options.seed }) : undefined
  const estimates = fits.map(({ component }) => {
    const own = Float64Array.from(component.models, (model) => ratings[model] ?? 0)
    if (!replicates) return bareEstimate(component, own)
    return percentileEstimate(component, own, ofModels(replicates, component.models), level)
  })
  return toBoard(fits, boardRows(estimates, { ...options, totals: tally.totals, origin: 0 }), {
    method: 'elo',
    interval: replicates ? `bootstrap, ${rounds} rounds` : 'none',
    votes: tally.votes,
    clusters: 0,
    effects,
  })
}

/** Online Elo of every model over all votes, in their order. */
export function onlineElo(votes: VoteColumns, elo: EloOptions): Float64Array {
  return played(votes, votes.outcome, elo)
}

function played(votes: VoteColumns, outcome: Uint8Array, elo: EloOptions): Float64Array {
  const ratings = new Float64Array(votes.models).fill(elo.start)
  playElo(ratings, { a: votes.a, b: votes.b, outcome }, { ...elo, from: 0, to: votes.length })
  return ratings
}

function outcomesOf(votes: VoteColumns, isMember?: (vote: number) => boolean): Uint8Array {
  if (!isMember) return votes.outcome
  return votes.outcome.map((code, v) => (isMember(v) ? code : WITHDRAWN))
}

/** Replicates of ratings by model. Casts: votes are in range. */
function resampled(
  votes: VoteColumns,
  outcome: Uint8Array,
  { elo, rounds, seed }: { elo: EloOptions; rounds: number; seed: number },
): Replicates {
  const sampler = new PoissonSampler(createRandom(seed))
  const stride = votes.models
  const values = new Float64Array(rounds * stride).fill(elo.start)
  const room = 2 * votes.length + 100
  const log = { a: new Int32Array(room), b: new Int32Array(room), outcome: new Uint8Array(room) }
  for (let round = 0; round < rounds; round++) {
    let to = 0
    for (let v = 0; v < votes.length; v++) {
      for (let times = sampler.draw(1); times > 0 && to < room; times--) {
        log.a[to] = votes.a[v] as number
        log.b[to] = votes.b[v] as number
        log.outcome[to++] = outcome[v] as number
      }
    }
    playElo(values.subarray(round * stride, (round + 1) * stride), log, { ...elo, from: 0, to })
  }
  return { values, stride }
}

function ofModels({ values, stride }: Replicates, models: Int32Array): Replicates {
  const rounds = values.length / stride
  const own = new Float64Array(rounds * models.length)
  for (let round = 0; round < rounds; round++) {
    models.forEach((model, i) => {
      own[round * models.length + i] = values[round * stride + model] ?? 0
    })
  }
  return { values: own, stride: models.length }
}

function sideEffects(fits: readonly ComponentFit[], { table }: VoteTally, { side }: RankOptions) {
  const main = fits[0]
  if (!side || !main) return []
  const [fitted] = withSandwich([main], table, undefined)
  return fitted ? effectsOf(fitted, { errors: (i) => fitted.covariance.errors[i] ?? 0 }) : []
}
