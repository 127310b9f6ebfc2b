import type { FittedComponent } from './board-fit.ts'
import { normalCdf, normalQuantile } from './normal.ts'
import { POINTS_PER_LOGIT } from './scale.ts'

/** What is needed to compare any two models of a fit, as plain arrays that a worker can transfer. */
export interface ComparisonBasis {
  readonly models: number
  /** θ in logits by model. */
  readonly theta: Float64Array<ArrayBuffer>
  /** Component by model; -1 without votes. */
  readonly component: Int32Array<ArrayBuffer>
  /** Standard error of θ_i − θ_j, models × models. */
  readonly errors: Float64Array<ArrayBuffer>
  /** Variance of θ_i − θ_j if the model were all the truth: what one more vote reduces. */
  readonly modelVariances: Float64Array<ArrayBuffer>
}

export interface Comparison {
  /** Rating of x minus rating of y, in points, and its standard error. */
  readonly difference: number
  readonly se: number
  /** That x is better than y, from the normal approximation. */
  readonly probability: number
  /** Further votes between just these two until a difference of this size is significant; 0 when it is, ∞ for 0. */
  readonly votesNeeded: number
}

export function toComparisonBasis(fits: readonly FittedComponent[], models: number): ComparisonBasis {
  const basis = {
    models,
    theta: new Float64Array(models),
    component: new Int32Array(models).fill(-1),
    errors: new Float64Array(models * models),
    modelVariances: new Float64Array(models * models),
  }
  fits.forEach(({ component, point, covariance }, c) => {
    const { inverse, size } = covariance
    const at = (i: number, j: number) => inverse[i * size + j] ?? 0
    component.models.forEach((model, i) => {
      basis.theta[model] = point[i] ?? 0
      basis.component[model] = c
      component.models.forEach((other, j) => {
        basis.errors[model * models + other] = covariance.errorOfDifference(i, j)
        basis.modelVariances[model * models + other] = at(i, i) + at(j, j) - 2 * at(i, j)
      })
    })
  })
  return basis
}

/**
 * Compares two models. One more vote between them carries w = p (1 − p) of information, which divides the variance of
 * their difference by 1 + w v (v its model variance, by Sherman–Morrison): the robust variance is taken to shrink
 * alike, so votesNeeded = (z² se² / difference² − 1) / (w v). `disconnected` when nothing compares them.
 */
export function compareModels(
  { models, theta, component, errors, modelVariances }: ComparisonBasis,
  x: number,
  y: number,
  level = 0.95,
): Comparison | 'disconnected' {
  const isKnown = (model: number) => model < models && component[model] !== -1
  if (!isKnown(x) || !isKnown(y) || component[x] !== component[y]) return 'disconnected'
  const difference = (theta[x] ?? 0) - (theta[y] ?? 0)
  const se = errors[x * models + y] ?? 0
  const p = 1 / (1 + Math.exp(-difference))
  const perVote = p * (1 - p) * (modelVariances[x * models + y] ?? 0)
  const excess = (normalQuantile((1 + level) / 2) * se) ** 2 / difference ** 2 - 1
  return {
    difference: POINTS_PER_LOGIT * difference,
    se: POINTS_PER_LOGIT * se,
    probability: se > 0 ? normalCdf(difference / se) : 0.5,
    votesNeeded: x === y ? Number.POSITIVE_INFINITY : Math.max(0, Math.ceil(excess / perVote)),
  }
}
