import type { FittedComponent } from './board-fit.ts'
import { PRIOR_PRECISION } from './core-prior.ts'
import { scoreOf, OUTCOME_CODES, type Outcome } from './outcome.ts'
import { POINTS_PER_LOGIT } from './scale.ts'

/**
 * What is needed to say at once how a vote moves two ratings: strengths and the inverse Hessian of the last fit, as
 * plain typed arrays that a worker can transfer. Models of different components are uncorrelated; a model without
 * votes has strength 0 and the variance of the prior.
 */
export interface MovementBasis {
  readonly models: number
  /** θ in logits, by model. */
  readonly theta: Float64Array<ArrayBuffer>
  /** models × models, row-major. */
  readonly inverse: Float64Array<ArrayBuffer>
}

export interface Movement {
  /** Change of the rating of the model on side a, in points; likewise b. */
  readonly a: number
  readonly b: number
}

/** The basis before any vote. Models beyond it are taken as unknown. */
export const EMPTY_BASIS: MovementBasis = {
  models: 0,
  theta: new Float64Array(0),
  inverse: new Float64Array(0),
}

export function toMovementBasis(fits: readonly FittedComponent[], models: number): MovementBasis {
  const theta = new Float64Array(models)
  const inverse = new Float64Array(models * models)
  for (let i = 0; i < models; i++) inverse[i * models + i] = 1 / PRIOR_PRECISION
  for (const fit of fits) {
    const members = fit.component.models
    members.forEach((model, i) => {
      theta[model] = fit.point[i] ?? 0
      members.forEach((other, j) => {
        inverse[model * models + other] = fit.covariance.inverse[i * fit.system.size + j] ?? 0
      })
    })
  }
  return { models, theta, inverse }
}

/** Newton steps of {@link surpriseOf}; the equation is monotone and smooth, three are nearly always enough. */
const STEPS = 8

/**
 * How the fit answers one more vote of side a's model i against side b's model j, in O(1). The votes so far are taken
 * as their quadratic approximation with inverse Hessian C, the new vote exactly: θ changes by C e t, where t = y − p is
 * the surprise that is left after the change. Exact for the first vote on two new models, whose prior is quadratic.
 */
export function movement(basis: MovementBasis, i: number, j: number, outcome: Outcome): Movement {
  const [own, other, shared] = [covariance(basis, i, i), covariance(basis, j, j), covariance(basis, i, j)]
  const difference = thetaOf(basis, i) - thetaOf(basis, j)
  const gain = surpriseOf(scoreOf(OUTCOME_CODES[outcome]), difference, own + other - 2 * shared)
  return {
    a: POINTS_PER_LOGIT * gain * (own - shared),
    b: POINTS_PER_LOGIT * gain * (shared - other),
  }
}

/** Solves t = y − σ(d + v t) for t. */
function surpriseOf(score: number, difference: number, variance: number): number {
  let surprise = 0
  for (let step = 0; step < STEPS; step++) {
    const p = 1 / (1 + Math.exp(-(difference + variance * surprise)))
    surprise -= (surprise - score + p) / (1 + variance * p * (1 - p))
  }
  return surprise
}

function thetaOf(basis: MovementBasis, model: number): number {
  return basis.theta[model] ?? 0
}

function covariance(basis: MovementBasis, i: number, j: number): number {
  const { models, inverse } = basis
  if (i < models && j < models) return inverse[i * models + j] ?? 0
  return i === j ? 1 / PRIOR_PRECISION : 0
}
