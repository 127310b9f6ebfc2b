import { factorize, solveFactored } from './cholesky.ts'
import { GRADIENT_TOLERANCE, largest, MAX_ITERATIONS, stepAlong, type FitPoint } from './fit-point.ts'
import type { StyleSystem } from './style-system.ts'

/** Bound on the distance to the optimum in logits: coefficients and ratings are good to 1e-6 points. */
const POINT_TOLERANCE = 1e-9

/**
 * Minimises a style-controlled likelihood. A pass over the votes costs far more than a linear solve, and a pass for
 * the gradient alone half of one for the Hessian as well: so Newton's first step, then chord steps with its factor,
 * renewed only when they stop contracting. Starts from strengths of Bradley–Terry.
 */
export function fitStyle(system: StyleSystem, start: Float64Array): FitPoint {
  const point = start.slice()
  const gradientOnly = { gradient: system.gradient, evaluate: (at: Float64Array) => system.slope(at) }
  let factor = factorAt(system, point)
  let lastStep = Number.POSITIVE_INFINITY
  let errorBound = Number.POSITIVE_INFINITY
  let iterations = 0
  while (iterations < MAX_ITERATIONS && !(errorBound <= POINT_TOLERANCE && isFlat(system))) {
    iterations++
    const direction = system.gradient.map((g) => -g)
    solveFactored(factor, system.size, direction)
    const step = stepAlong(gradientOnly, point, direction)
    const contraction = Math.min(1, step / lastStep)
    errorBound = lastStep === Number.POSITIVE_INFINITY ? step : step * contraction
    lastStep = step
    if (contraction > 0.2 && errorBound > POINT_TOLERANCE && iterations > 1) {
      factor = factorAt(system, point)
      lastStep = Number.POSITIVE_INFINITY
    }
  }
  system.prior.centre(point)
  return { point, iterations, converged: isFlat(system) }
}

function isFlat(system: StyleSystem): boolean {
  return largest(system.gradient) <= GRADIENT_TOLERANCE * system.weight
}

/** Evaluates at a point and factorises the Hessian there, made definite by a shift of all ratings. Casts: in range. */
function factorAt(system: StyleSystem, point: Float64Array): Float64Array {
  system.evaluate(point)
  const { size, models, prior } = system
  const hessian = system.hessian()
  const shift = prior.coreSize > 0 ? (hessian[0] as number) / models : 0
  for (let i = 0; i < models; i++) {
    for (let j = 0; j < models; j++) hessian[i * size + j] = (hessian[i * size + j] as number) + shift
  }
  if (!factorize(hessian, size))
    throw new Error('the style features cannot be told apart: their information is singular')
  return hessian
}
