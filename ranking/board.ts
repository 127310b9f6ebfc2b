import type { Provisional } from './connectivity.ts'

/** One model's line on a leaderboard. Ratings and errors are in rating points. */
export interface RankedRow {
  readonly model: number
  /** 1 + the number of models surely above, by simultaneous 95 % intervals of differences; shared by models that cannot be told apart. */
  readonly rank: number
  /** Best and worst place that the votes leave open (simultaneous). */
  readonly rankLower: number
  readonly rankUpper: number
  /** LMArena's rank: 1 + the number of models whose lower bound lies above this one's upper bound. */
  readonly rankArena: number
  readonly rating: number
  /** Standard error relative to the mean of the board. */
  readonly se: number
  readonly lower: number
  readonly upper: number
  readonly votes: number
  readonly wins: number
  readonly losses: number
  readonly ties: number
  readonly bothBad: number
  /** (wins + half of all ties) / votes. */
  readonly winRate: number
  /** Too few votes, or provisional: show a range, not a rank. */
  readonly preliminary: boolean
  readonly provisional: Provisional
  /** Connected component, 0 the largest. Ratings and ranks compare only within one. */
  readonly component: number
}

/** A line of a board whose votes have an order. */
export interface BoardRow extends RankedRow {
  /** Online Elo in the order of the log. */
  readonly elo: number
}

/** An estimate beside the ratings, in logits: the advantage of side a, a style coefficient; or a ties parameter. */
export interface Effect {
  readonly name: string
  readonly estimate: number
  readonly se: number
}

export interface Board<Row extends RankedRow = BoardRow> {
  readonly method: string
  /** How the intervals were made, in words: `sandwich`, `sandwich by voter`, … */
  readonly interval: string
  /** Models with votes. */
  readonly models: number
  readonly votes: number
  readonly converged: boolean
  readonly iterations: number
  readonly components: number
  /** Clusters (voters, items) behind the intervals; 0 when votes count one by one. */
  readonly clusters: number
  /** Everything estimated beside the ratings: `side a`, `tie ν`, style coefficients. */
  readonly effects: readonly Effect[]
  /** The one of them that is the advantage of side a. */
  readonly sideEffect?: Effect
  /** By component, then by rating, best first. */
  readonly rows: readonly Row[]
}

/** What the votes of one model were, in votes (not weights). Columns by model. */
export interface ModelTotals {
  readonly wins: Float64Array
  readonly losses: Float64Array
  readonly ties: Float64Array
  readonly bothBad: Float64Array
}
