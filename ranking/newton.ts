import { factorize, solveFactored } from './cholesky.ts'
import {
  GRADIENT_TOLERANCE,
  largest,
  MAX_ITERATIONS,
  POINT_TOLERANCE,
  stepAlong,
  type FitPoint,
  type FitStart,
} from './fit-point.ts'
import type { Likelihood } from './likelihood.ts'

/**
 * Minimises any likelihood by Newton's method with a dense Cholesky solve, halving steps that overshoot or leave the
 * allowed region. Casts: indices are below `size`.
 */
export function fitNewton(system: Likelihood, start: FitStart, isAllowed?: (point: Float64Array) => boolean): FitPoint {
  const point = start.point.slice()
  system.evaluate(point)
  let lastStep = 1
  let iterations = 0
  while (iterations < MAX_ITERATIONS) {
    if (lastStep * lastStep <= POINT_TOLERANCE && isFlat(system)) break
    iterations++
    lastStep = stepAlong(system, point, newtonStep(system), isAllowed)
  }
  system.prior.centre(point)
  return { point, iterations, converged: isFlat(system) }
}

function isFlat(system: Likelihood): boolean {
  return largest(system.gradient) <= GRADIENT_TOLERANCE * system.weight
}

function newtonStep(system: Likelihood): Float64Array {
  const { size, models, prior } = system
  const hessian = system.hessian()
  const shift = prior.coreSize > 0 ? (hessian[0] as number) / models : 0
  for (let i = 0; i < models; i++) {
    for (let j = 0; j < models; j++) hessian[i * size + j] = (hessian[i * size + j] as number) + shift
  }
  const step = system.gradient.map((g) => -g)
  if (factorize(hessian, size)) solveFactored(hessian, size, step)
  return step
}
