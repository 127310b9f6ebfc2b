import { factorize, solveFactored } from './cholesky.ts'
import { GRADIENT_TOLERANCE, largest, MAX_ITERATIONS, stepAlong, type FitPoint } from './fit-point.ts'
import type { StyleSystem } from './style-system.ts'

/** Bound on the distance to the optimum in logits: coefficients and ratings are good to 1e-6 points. */
const POINT_TOLERANCE = 1e-9

/**
 * Minimises a style-controlled likelihood. A pass over the votes costs far more than a linear solve, and a pass for
 * the gradient alone half of one for the Hessian as well: so Newton's first step, then chord steps with its factor,
 * renewed only when they stop contracting. Starts from strengths of Bradley–Terry. Not converged when the votes do not
 * tell the extras apart.
 */
export function fitStyle(system: StyleSystem, start: Float64Array): FitPoint {
  const point = start.slice()
  const gradientOnly = { gradient: system.gradient, evaluate: (at: Float64Array) => system.slope(at) }
  let factor = factorAt(system, point)
  let lastStep = Number.POSITIVE_INFINITY
  let errorBound = Number.POSITIVE_INFINITY
  let iterations = 0
  while (factor && iterations < MAX_ITERATIONS && !(errorBound <= POINT_TOLERANCE && isFlat(system))) {
    iterations++
    const direction = system.gradient.map((g) => -g)
    solveFactored(factor, system.size, direction)
    const step = stepAlong(gradientOnly, point, direction)
    const contraction = Math.min(1, step / lastStep)
    const isFirst = lastStep === Number.POSITIVE_INFINITY
    errorBound = isFirst ? step : step * contraction
    lastStep = step
    if (!isFirst && contraction > 0.2 && errorBound > POINT_TOLERANCE) {
      factor = factorAt(system, point)
      lastStep = Number.POSITIVE_INFINITY
    }
  }
  system.prior.centre(point)
  return { point, iterations, converged: factor !== undefined && isFlat(system) }
}

function isFlat(system: StyleSystem): boolean {
  return largest(system.gradient) <= GRADIENT_TOLERANCE * system.weight
}

/** What must be left of an extra's information after the others have explained theirs. */
const SMALLEST_SHARE = 1e-9

/**
 * Evaluates at a point and factorises the Hessian there, made definite by a shift of all ratings. Undefined when an
 * extra is a combination of the others. Casts: in range.
 */
function factorAt(system: StyleSystem, point: Float64Array): Float64Array | undefined {
  system.evaluate(point)
  const { size, models, prior } = system
  const hessian = system.hessian()
  const shift = prior.coreSize > 0 ? (hessian[0] as number) / models : 0
  for (let i = 0; i < models; i++) {
    for (let j = 0; j < models; j++) hessian[i * size + j] = (hessian[i * size + j] as number) + shift
  }
  const information = system.extras.map(({ index }) => hessian[index * size + index] as number)
  if (!factorize(hessian, size)) return undefined
  const isDetermined = system.extras.every(({ index }, k) => {
    return (hessian[index * size + index] as number) ** 2 > SMALLEST_SHARE * (information[k] as number)
  })
  return isDetermined ? hessian : undefined
}
