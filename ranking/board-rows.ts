import type { RankedRow, ModelTotals } from './board.ts'
import type { ComponentEstimate, ModelEstimate } from './component-estimate.ts'
import { arenaRanks } from './ranks.ts'
import { MEAN_RATING } from './scale.ts'

/** A model whose rating is fixed. */
export interface Anchor {
  readonly model: number
  readonly rating: number
}

export interface RowOptions {
  readonly totals: ModelTotals
  /** A model with fewer votes is preliminary. */
  readonly minimumVotes: number
  /** Shifts the scale of its component so that this model has this rating. Errors stay relative to the mean. */
  readonly anchor?: Anchor | undefined
  /** What an estimate of 0 stands for; 1000, unless the method has a scale of its own. */
  readonly origin?: number | undefined
}

/** The lines of a leaderboard: component by component, best rating first. */
export function boardRows(estimates: readonly ComponentEstimate[], options: RowOptions): RankedRow[] {
  return estimates.flatMap((estimate, component) => componentRows(estimate, component, options))
}

function componentRows(estimate: ComponentEstimate, component: number, options: RowOptions): RankedRow[] {
  const { models, provisional } = estimate.component
  const origin = originOf(estimate, options)
  const arena = arenaRanks(estimate.models)
  const rows = estimate.models.map((of: ModelEstimate, i): RankedRow => {
    const model = models[i] ?? 0
    const record = recordOf(options.totals, model)
    const mark = component > 0 ? 'disconnected' : (provisional[i] ?? 'none')
    return {
      model,
      rank: estimate.ranks[i]?.best ?? 1,
      rankLower: estimate.ranks[i]?.best ?? 1,
      rankUpper: estimate.ranks[i]?.worst ?? 1,
      rankArena: arena[i] ?? 1,
      rating: origin + of.rating,
      se: of.se,
      lower: origin + of.lower,
      upper: origin + of.upper,
      ...record,
      preliminary: record.votes < options.minimumVotes || mark !== 'none',
      provisional: mark,
      component,
    }
  })
  return rows.sort((x, y) => y.rating - x.rating || x.model - y.model)
}

/** The rating that an estimate of 0 stands for, so that the anchor stands where it should. */
function originOf({ component, models }: ComponentEstimate, { anchor, origin = MEAN_RATING }: RowOptions): number {
  const at = anchor ? component.models.indexOf(anchor.model) : -1
  return anchor && at >= 0 ? anchor.rating - (models[at]?.rating ?? 0) : origin
}

function recordOf({ wins, losses, ties, bothBad }: ModelTotals, model: number) {
  const won = wins[model] ?? 0
  const lost = losses[model] ?? 0
  const tied = ties[model] ?? 0
  const bad = bothBad[model] ?? 0
  const votes = won + lost + tied + bad
  return {
    votes,
    wins: won,
    losses: lost,
    ties: tied,
    bothBad: bad,
    winRate: votes > 0 ? (won + (tied + bad) / 2) / votes : 0,
  }
}
