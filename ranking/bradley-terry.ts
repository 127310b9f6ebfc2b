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
 * a step that overshoots. From a warm start with the old inverse Hessian the first steps are chord steps.
 */
export function fitBradleyTerry(system: BradleyTerrySystem, start?: FitStart): FitPoint {
  const point = start ? start.point.slice() : new Float64Array(system.models + 1)
  if (!system.side) point[system.models] = 0
  system.evaluate(point)
  let chord = start?.inverse
  let lastStep = 1
  let errorBound = Number.POSITIVE_INFINITY
  let iterations = 0
  while (iterations < MAX_ITERATIONS) {
    if (errorBound <= POINT_TOLERANCE && isFlat(system)) break
    iterations++
    const direction = chord ? chordStep(system, chord) : newtonStep(system)
    const step = stepAlong(system, point, direction.vector)
    const contraction = direction.residual + (chord ? step / lastStep : step)
    if (chord && (contraction > 0.1 || step > 0.1)) chord = undefined
    errorBound = step * contraction
    lastStep = step
  }
  system.prior.centre(point)
  return { point, iterations, converged: isFlat(system) }
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

function chordStep(system: BradleyTerrySystem, inverse: Float64Array): Direction {
  const step = new Float64Array(system.models + 1)
  multiplySymmetric(inverse, system.size, system.gradient, step)
  return { vector: negated(step), residual: 0 }
}

function negated(vector: Float64Array): Float64Array {
  return vector.map((value) => -value)
}
