import type { CorePrior } from './core-prior.ts'
import type { PairTable } from './pair-table.ts'

/** The derivative of one vote's log-likelihood by some parameter, by row of the table and outcome of the vote. */
export interface VoteScores {
  readonly win: Float64Array
  readonly loss: Float64Array
  readonly tie: Float64Array
}

/** An estimate that stands beside the ratings in a point. */
export interface ExtraParameter {
  readonly name: 'side a' | 'tie'
  readonly index: number
}

/**
 * A model of votes whose parameters are a strength θ per model, then perhaps a tie parameter, then perhaps γ, the
 * advantage of side a, which adds to θ_first − θ_second in every row. All methods refer to the point last evaluated.
 */
export interface Likelihood {
  readonly table: PairTable
  readonly prior: CorePrior
  readonly models: number
  /** Number of parameters. Points and gradients may be longer. */
  readonly size: number
  readonly extras: readonly ExtraParameter[]
  /** Σ of the weights of all votes. */
  readonly weight: number
  /** ∂(−log L)/∂ parameters, prior included. */
  readonly gradient: Float64Array
  evaluate(point: Float64Array): void
  /** Second derivatives of −log L, prior included, size × size. */
  hessian(): Float64Array
  /** Scores by θ_first − θ_second + γ. */
  strengthScores(): VoteScores
  /** Scores by the tie parameter, where there is one. */
  tieScores(): VoteScores | undefined
  /** Information of n votes on θ_first − θ_second, per row: n p (1 − p) for Bradley–Terry. */
  readonly information: Float64Array
}
