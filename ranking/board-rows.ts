import type { BoardRow, ModelTotals } from './board.ts'
import type { BoardFit } from './board-fit.ts'
import type { ComponentFit } from './component-fit.ts'
import { normalQuantile } from './normal.ts'
import { rankRanges } from './ranks.ts'
import { MEAN_RATING, POINTS_PER_LOGIT } from './scale.ts'

export interface Anchor {
  readonly model: number
  readonly rating: number
}

export interface RowOptions {
  readonly totals: ModelTotals
  readonly elo: (model: number) => number
  readonly level: number
  /** A model with fewer votes is preliminary. */
  readonly minimumVotes: number
  /** Shifts the scale of its component so that this model has this rating. Errors stay relative to the mean. */
  readonly anchor?: Anchor | undefined
}

/** The lines of a leaderboard: component by component, best rating first. */
export function boardRows(fits: BoardFit, options: RowOptions): BoardRow[] {
  return fits.flatMap((fit, component) => componentRows(fit, component, options))
}

function componentRows(fit: ComponentFit, component: number, options: RowOptions): BoardRow[] {
  const { models, provisional } = fit.component
  const rating = (i: number) => POINTS_PER_LOGIT * (fit.point[i] ?? 0)
  const anchored = options.anchor ? models.indexOf(options.anchor.model) : -1
  const origin = options.anchor && anchored >= 0 ? options.anchor.rating - rating(anchored) : MEAN_RATING
  const pointwise = normalQuantile((1 + options.level) / 2)
  const estimates = Array.from(models, (_, i) => ({
    rating: origin + rating(i),
    se: POINTS_PER_LOGIT * (fit.errors[i] ?? 0),
  }))
  const intervals = (z: number) =>
    estimates.map(({ rating: centre, se }) => ({ lower: centre - z * se, upper: centre + z * se }))
  const arena = rankRanges(intervals(pointwise))
  const simultaneous = rankRanges(intervals(fit.criticalValue))
  const rows = intervals(pointwise).map((interval, i): BoardRow => {
    const model = models[i] ?? 0
    const record = recordOf(options.totals, model)
    const mark = component > 0 ? 'disconnected' : (provisional[i] ?? 'none')
    return {
      model,
      rank: simultaneous[i]?.best ?? 1,
      rankLower: simultaneous[i]?.best ?? 1,
      rankUpper: simultaneous[i]?.worst ?? 1,
      rankArena: arena[i]?.best ?? 1,
      rating: estimates[i]?.rating ?? 0,
      se: estimates[i]?.se ?? 0,
      ...interval,
      ...record,
      elo: options.elo(model),
      preliminary: record.votes < options.minimumVotes || mark !== 'none',
      provisional: mark,
      component,
    }
  })
  return rows.sort((x, y) => y.rating - x.rating || x.model - y.model)
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
