import type { Anchor } from './board-rows.ts'
import { DEFAULT_ELO, type EloOptions } from './online-elo.ts'

export type Method = 'bt' | 'davidson' | 'rao-kupper' | 'elo' | 'win-rate'

/** How intervals are made. Elo has none or the bootstrap's; win rates have all but the model's. */
export type IntervalKind = 'sandwich' | 'model' | 'bootstrap' | 'none'

export interface RankOptions {
  readonly method: Method
  readonly interval: IntervalKind
  /** `ipw`: every pair of models counts alike, however often it was sampled. */
  readonly weights: 'none' | 'ipw'
  /** Estimate the advantage of side a, and rank without it. */
  readonly side: boolean
  /** Coverage of all intervals. */
  readonly level: number
  /** A model with fewer votes is preliminary. */
  readonly minimumVotes: number
  readonly anchor?: Anchor | undefined
  /** For the bootstrap. */
  readonly seed: number
  readonly rounds: number
  readonly elo: EloOptions
}

/** Bradley–Terry, ties as half wins, with sandwich intervals. */
export const DEFAULT_OPTIONS: RankOptions = {
  method: 'bt',
  interval: 'sandwich',
  weights: 'none',
  side: false,
  level: 0.95,
  minimumVotes: 30,
  seed: 1,
  rounds: 1000,
  elo: DEFAULT_ELO,
}

/** Asks for something that does not exist, such as the model-based interval of a win rate. */
export class RankingRefusal extends Error {}
