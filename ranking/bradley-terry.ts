import { BradleyTerrySystem } from './bradley-terry-system.ts'
import { conjugateGradient } from './conjugate-gradient.ts'
import { multiplySymmetric } from './quadratic-form.ts'

export interface BradleyTerryStart {
  /** Where to begin: one number per model, γ last. */
  readonly point: Float64Array
  /** The inverse Hessian of a similar fit (`size` × `size`): then most steps cost no linear solve. */
  readonly inverse?: Float64Array | undefined
}

export interface BradleyTerryFit {
  /** θ per model (natural log odds, core mean 0), then γ, the advantage of side a. */
  readonly point: Float64Array
  readonly iterations: number
  /** max |gradient| ≤ 1e-9 × votes. */
  readonly converged: boolean
}

const GRADIENT_TOLERANCE = 1e-9
/** Bound on the distance to the optimum in logits: two fits of the same votes agree to 1e-9 rating points. */
const POINT_TOLERANCE = 1e-12
const MAX_ITERATIONS = 60
/** A step longer than this many logits is shortened: far out the quadratic model means nothing. */
const LONGEST_STEP = 4

/**
 * Minimises the system by Newton's method with inexact directions (conjugate gradients, forced ever tighter), halving
 * a step that overshoots. From a warm start with the old inverse Hessian the first steps are chord steps.
 */
export function fitBradleyTerry(system: BradleyTerrySystem, start?: BradleyTerryStart): BradleyTerryFit {
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
  system.centre(point)
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
  if (system.coreSize === 0) return gradient
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

/**
 * Moves the point along a direction and returns the length of the step taken (largest component). Along a line f is
 * convex, so its slope alone tells whether the step went too far past the minimum.
 */
function stepAlong(system: BradleyTerrySystem, point: Float64Array, direction: Float64Array): number {
  const length = largest(direction)
  const origin = point.slice()
  const slope = dot(system.gradient, direction)
  let share = Math.min(1, LONGEST_STEP / length)
  for (;;) {
    for (let i = 0; i < point.length; i++) {
      point[i] = (origin[i] as number) + share * (direction[i] as number)
    }
    system.evaluate(point)
    const isShort = share * length < 1e-6
    if (isShort || dot(system.gradient, direction) <= 0.5 * Math.abs(slope)) return share * length
    share /= 2
  }
}

function largest(vector: Float64Array): number {
  let most = 0
  for (const value of vector) most = Math.max(most, Math.abs(value))
  return most
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += (x[i] as number) * (y[i] as number)
  return sum
}

function negated(vector: Float64Array): Float64Array {
  return vector.map((value) => -value)
}
