import type { BradleyTerrySystem } from './bradley-terry-system.ts'
import { conjugateGradient } from './conjugate-gradient.ts'
import {
  GRADIENT_TOLERANCE,
  largest,
  MAX_ITERATIONS,
  POINT_TOLERANCE,
  stepAlong,
  type FitPoint,
  type FitStart,
} from './fit-point.ts'
import { multiplySymmetric } from './symmetric-products.ts'

/**
 * Minimises the system by Newton's method with inexact directions (conjugate gradients, forced ever tighter), halving
 * a step that overshoots. From a warm start with the old inverse Hessian chord steps, which need gradients only, come
 * first and usually suffice. The system is left evaluated at the point returned, but for the last digits of a step below
 * 1e-12. Casts: vectors have one number per model and one more.
 */
export function fitBradleyTerry(system: BradleyTerrySystem, start?: FitStart): FitPoint {
  const point = start ? start.point.slice() : new Float64Array(system.models + 1)
  if (!system.side) point[system.models] = 0
  const warm = start?.inverse
    ? chordSteps(system, point, start.inverse)
    : { steps: 0, errorBound: Number.POSITIVE_INFINITY }
  system.evaluate(point)
  let { steps: iterations, errorBound } = warm
  while (iterations < MAX_ITERATIONS && !(errorBound <= POINT_TOLERANCE && isFlat(system))) {
    iterations++
    const { vector, residual } = newtonStep(system)
    const step = stepAlong(system, point, vector)
    errorBound = step * (step + residual)
  }
  system.prior.centre(point)
  return { point, iterations, converged: isFlat(system) }
}

/** Steps with an old inverse Hessian while each leaves a tenth of the distance, at most. */
function chordSteps(
  system: BradleyTerrySystem,
  point: Float64Array,
  inverse: Float64Array,
): { steps: number; errorBound: number } {
  const slopes = { gradient: system.gradient, evaluate: (at: Float64Array) => system.slope(at) }
  const direction = new Float64Array(system.models + 1)
  system.slope(point)
  let lastStep = 1
  for (let steps = 1; ; steps++) {
    multiplySymmetric(inverse, system.size, system.gradient, direction)
    const step = stepAlong(slopes, point, negated(direction))
    const errorBound = (step * step) / lastStep
    if (errorBound <= POINT_TOLERANCE || step > 0.1 * lastStep) return { steps, errorBound }
    lastStep = step
  }
}

function isFlat(system: BradleyTerrySystem): boolean {
  return largest(system.gradient) <= GRADIENT_TOLERANCE * system.weight
}

interface Direction {
  readonly vector: Float64Array
  /** The part of the distance to the target that an inexact solve may have left. */
  readonly residual: number
}

function newtonStep(system: BradleyTerrySystem): Direction {
  const gradient = withoutShift(system)
  let distance = 0
  gradient.forEach((g, i) => {
    distance = Math.max(distance, Math.abs(g) / (system.diagonal[i] as number))
  })
  const tolerance = Math.max(1e-7, Math.min(0.1, distance))
  const maxIterations = 2 * system.models + 20
  return {
    vector: negated(conjugateGradient(system, gradient, { tolerance, maxIterations })),
    residual: tolerance,
  }
}

/** The gradient is orthogonal to a shift of all ratings except for rounding, which would derail the solver. */
function withoutShift(system: BradleyTerrySystem): Float64Array {
  const gradient = system.gradient.slice()
  if (system.prior.coreSize === 0) return gradient
  let sum = 0
  for (let i = 0; i < system.models; i++) sum += gradient[i] as number
  for (let i = 0; i < system.models; i++) gradient[i] = (gradient[i] as number) - sum / system.models
  return gradient
}

function negated(vector: Float64Array): Float64Array {
  return vector.map((value) => -value)
}
