/** Where an optimiser ended. */
export interface FitPoint {
  /** θ per model (natural log odds, core mean 0), then the likelihood's extra parameters. */
  readonly point: Float64Array
  readonly iterations: number
  /** max |gradient| ≤ 1e-9 × votes. */
  readonly converged: boolean
}

export const GRADIENT_TOLERANCE = 1e-9
/** Bound on the distance to the optimum in logits: two fits of the same votes agree to 1e-9 rating points. */
export const POINT_TOLERANCE = 1e-12
export const MAX_ITERATIONS = 60

/** Where to begin: a similar fit's point and inverse Hessian (size × size), whose steps cost no linear solve. */
export interface FitStart {
  readonly point: Float64Array
  readonly inverse?: Float64Array | undefined
}

/** Casts in this file: vectors have one length. */

/** The largest absolute value. */
export function largest(vector: Float64Array): number {
  let most = 0
  for (let i = 0; i < vector.length; i++) most = Math.max(most, Math.abs(vector[i] as number))
  return most
}

export function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += (x[i] as number) * (y[i] as number)
  return sum
}

/** What a line search needs of a function: to be put at a point, and its gradient there. */
export interface Differentiable {
  readonly gradient: Float64Array
  evaluate(point: Float64Array): void
}

/** A step longer than this many logits is shortened: far out a quadratic model means nothing. */
const LONGEST_STEP = 4

/**
 * Moves the point along a direction and returns the length of the step taken (largest component). Along a line the
 * function is convex, so its slope alone tells whether a step went too far past the minimum; such a step is halved.
 * `isAllowed` keeps out of regions where the function is not defined.
 */
export function stepAlong(
  target: Differentiable,
  point: Float64Array,
  direction: Float64Array,
  isAllowed: (point: Float64Array) => boolean = () => true,
): number {
  const length = largest(direction)
  const origin = point.slice()
  const slope = dot(target.gradient, direction)
  for (let share = Math.min(1, LONGEST_STEP / length); ; share /= 2) {
    for (let i = 0; i < point.length; i++) point[i] = (origin[i] as number) + share * (direction[i] as number)
    if (!isAllowed(point)) continue
    target.evaluate(point)
    if (share * length < 1e-6 || dot(target.gradient, direction) <= 0.5 * Math.abs(slope)) return share * length
  }
}
