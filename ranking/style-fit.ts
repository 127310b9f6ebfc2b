import { factorize, solveFactored } from './cholesky.ts'
import { largest, MAX_ITERATIONS, stepAlong, type FitPoint } from './fit-point.ts'
import type { StyleSystem } from './style-system.ts'

/** Distance to the optimum, in logits, from which one Newton step ends the search. */
const NEAR = 5e-7
/** That step is checked: a longer one means that the distance was misjudged. */
const LONGEST_LAST_STEP = 1e-5

/**
 * Minimises a style-controlled likelihood, from strengths of Bradley–Terry and no style. A pass over the votes costs far
 * more than a linear solve, one for the gradient alone half of one for the Hessian as well, and one without style next
 * to nothing. So Newton's first step, chord steps with its factor that lead up to the optimum, and one Newton step that
 * ends there. The system is left evaluated within 5e-7 of the point returned. Not converged when the votes do not tell
 * the extras apart.
 */
export function fitStyle(system: StyleSystem, start: Float64Array): FitPoint {
  const point = start.slice()
  let factor = factorAt(system, point)
  let iterations = 0
  while (factor && iterations < MAX_ITERATIONS) {
    iterations += chordSteps(system, point, factor)
    factor = factorAt(system, point)
    if (!factor) break
    iterations++
    const last = solve(factor, system)
    if (largest(last) > LONGEST_LAST_STEP) continue
    for (let i = 0; i < point.length; i++) point[i] = (point[i] as number) + (last[i] as number)
    system.prior.centre(point)
    return { point, iterations, converged: true }
  }
  system.prior.centre(point)
  return { point, iterations, converged: false }
}

/** Steps with one factor, from where the system stands, while they contract; returns how many. */
function chordSteps(system: StyleSystem, point: Float64Array, factor: Float64Array): number {
  const gradientOnly = { gradient: system.gradient, evaluate: (at: Float64Array) => system.slope(at) }
  let lastStep = Number.POSITIVE_INFINITY
  for (let steps = 1; steps < MAX_ITERATIONS; steps++) {
    const step = stepAlong(gradientOnly, point, solve(factor, system))
    const contraction = step / lastStep
    const left = lastStep === Number.POSITIVE_INFINITY ? step : step * Math.min(1, contraction)
    if (left < NEAR || contraction > 0.5) return steps
    lastStep = step
  }
  return MAX_ITERATIONS
}

function solve(factor: Float64Array, { gradient, size }: StyleSystem): Float64Array {
  const direction = gradient.map((g) => -g)
  solveFactored(factor, size, direction)
  return direction
}

/** What must be left of an extra's information after the others have explained theirs. */
const SMALLEST_SHARE = 1e-9

/**
 * Evaluates at a point and factorises the Hessian there, made definite by a shift of all ratings. Undefined when an
 * extra is a combination of the others. Casts: in range.
 */
function factorAt(system: StyleSystem, point: Float64Array): Float64Array | undefined {
  system.evaluate(point)
  const { size, models, prior, extras } = system
  const hessian = system.hessian()
  const shift = prior.coreSize > 0 ? (hessian[0] as number) / models : 0
  for (let i = 0; i < models; i++) {
    for (let j = 0; j < models; j++) hessian[i * size + j] = (hessian[i * size + j] as number) + shift
  }
  const information = extras.map(({ index }) => hessian[index * size + index] as number)
  if (!factorize(hessian, size)) return undefined
  const isDetermined = extras.every(({ index }, k) => {
    return (hessian[index * size + index] as number) ** 2 > SMALLEST_SHARE * (information[k] as number)
  })
  return isDetermined ? hessian : undefined
}
