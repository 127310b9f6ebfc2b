import type { CorePrior } from './core-prior.ts'
import type { FitPoint } from './fit-point.ts'
import type { PairTable } from './pair-table.ts'

/** An estimate that stands beside the strengths in a point. */
export interface ExtraParameter {
  readonly name: string
  readonly index: number
}

/**
 * A model of votes whose parameters are a strength θ per model, then extras. Everything refers to the point last
 * evaluated; −log L is convex and includes the prior.
 */
export interface Likelihood {
  readonly prior: CorePrior
  readonly models: number
  /** Number of parameters. Points and gradients may be longer. */
  readonly size: number
  readonly extras: readonly ExtraParameter[]
  /**
   * Precision of a weak prior on the extras but the tie parameter: 0, or {@link PRIOR_PRECISION} where the votes alone
   * would put one of them at infinity or anywhere.
   */
  readonly extraPrecision: number
  /** Σ of the weights of all votes. */
  readonly weight: number
  /** ∂(−log L)/∂ parameters. */
  readonly gradient: Float64Array
  evaluate(point: Float64Array): void
  /** Second derivatives of −log L, size × size. */
  hessian(): Float64Array
}

/** The derivative of one vote's log-likelihood by some parameter, by row of the table and outcome of the vote. */
export interface VoteScores {
  readonly win: Float64Array
  readonly loss: Float64Array
  readonly tie: Float64Array
}

/** The advantage of side a, γ, which adds to θ_first − θ_second in every row of an oriented table. */
export const SIDE = 'side a'
/** The parameter that says how often votes are ties. */
export const TIE = 'tie'

/** A likelihood that depends on the votes through a pair table. Its extras are {@link TIE} and {@link SIDE}, if any. */
export interface TableLikelihood extends Likelihood {
  readonly table: PairTable
  /** The same likelihood of other counts of the same pairs. */
  over(table: PairTable): TableLikelihood
  /** Like `evaluate`, but only the gradient is filled. */
  slope(point: Float64Array): void
  /** Scores by θ_first − θ_second + γ. */
  strengthScores(): VoteScores
  /** Scores by the tie parameter, where there is one. */
  tieScores(): VoteScores | undefined
  /** Information of a row's votes on θ_first − θ_second: n p (1 − p) for Bradley–Terry. */
  readonly information: Float64Array
}

/** gradient += the prior's pull on the extras at a point. Casts: extras are in range. */
export function addExtraPull(system: Likelihood, point: Float64Array, gradient: Float64Array): void {
  for (const { name, index } of system.extras) {
    if (name !== TIE) gradient[index] = (gradient[index] as number) + system.extraPrecision * (point[index] as number)
  }
}

/** matrix += the prior's precision of the extras. */
export function addExtraPrecision({ extras, extraPrecision, size }: Likelihood, matrix: Float64Array): void {
  for (const { name, index } of extras) {
    const at = index * size + index
    if (name !== TIE) matrix[at] = (matrix[at] as number) + extraPrecision
  }
}

/** An extra beyond this many logits, 400 to 1, is no advantage that people give: the votes are separated by it. */
const LARGEST_EXTRA = 6

/** Did the votes fail to pin the extras down? Then the fit is repeated with the weak prior on them. */
export function isWild({ extras }: Likelihood, { point, converged }: FitPoint): boolean {
  return (
    !converged || extras.some(({ name, index }) => name !== TIE && Math.abs(point[index] as number) > LARGEST_EXTRA)
  )
}
