import type { BenchArena } from './arena.ts'

/**
 * The usual way: Bradley–Terry as a logistic regression with one row per vote, minimised by L-BFGS, and a bootstrap that
 * draws votes with replacement and fits again. Written as plainly and as well as its kind allows: typed arrays, no
 * objects in the loops, the tolerance and the iteration limit of scipy's default and of FastChat. Casts: in range.
 */
const MEMORY = 10
const GRADIENT_TOLERANCE = 1e-6
const MOST_ITERATIONS = 100

export interface Regression {
  readonly parameters: Float64Array
  readonly iterations: number
  /** Largest component of the gradient of the mean loss. */
  readonly gradient: number
}

type Loss = (x: Float64Array, gradient: Float64Array) => number

/** Mean loss of the votes whose numbers are given (all when left out), with `z` as features beside the strengths. */
export function voteLoss({ votes }: BenchArena, sample?: Int32Array, z?: readonly Float64Array[]): Loss {
  const { a, b, outcome, models } = votes
  const length = sample?.length ?? votes.length
  const features = z?.length ?? 0
  return (x, gradient) => {
    gradient.fill(0)
    let loss = 0
    for (let k = 0; k < length; k++) {
      const v = sample ? (sample[k] as number) : k
      const i = a[v] as number
      const j = b[v] as number
      let eta = (x[i] as number) - (x[j] as number)
      for (let f = 0; f < features; f++) eta += (x[models + f] as number) * ((z as Float64Array[])[f]?.[v] as number)
      const code = outcome[v] as number
      const score = code === 0 ? 1 : code === 1 ? 0 : 0.5
      const e = Math.exp(-Math.abs(eta))
      const p = eta >= 0 ? 1 / (1 + e) : e / (1 + e)
      loss += Math.log1p(e) + (eta >= 0 ? (1 - score) * eta : -score * eta)
      const residual = p - score
      gradient[i] = (gradient[i] as number) + residual
      gradient[j] = (gradient[j] as number) - residual
      for (let f = 0; f < features; f++) {
        gradient[models + f] = (gradient[models + f] as number) + residual * ((z as Float64Array[])[f]?.[v] as number)
      }
    }
    for (let k = 0; k < gradient.length; k++) gradient[k] = (gradient[k] as number) / length
    return loss / length
  }
}

/** L-BFGS with ten pairs and Armijo's rule (Nocedal & Wright, algorithm 7.5). */
export function minimise(loss: Loss, start: Float64Array): Regression {
  let x: Float64Array = start.slice()
  let gradient: Float64Array = new Float64Array(start.length)
  let value = loss(x, gradient)
  const steps: { s: Float64Array; y: Float64Array; rho: number }[] = []
  let iterations = 0
  while (iterations < MOST_ITERATIONS && largest(gradient) > GRADIENT_TOLERANCE) {
    iterations++
    const direction = twoLoop(gradient, steps)
    const slope = dot(gradient, direction)
    let share = iterations === 1 ? 1 / largest(gradient) : 1
    const nextGradient = new Float64Array(x.length)
    let next = moved(x, direction, share)
    let nextValue = loss(next, nextGradient)
    while (nextValue > value + 1e-4 * share * slope) {
      share /= 2
      next = moved(x, direction, share)
      nextValue = loss(next, nextGradient)
    }
    const s = next.map((position, k) => position - (x[k] as number))
    const y = nextGradient.map((g, k) => g - (gradient[k] as number))
    const curvature = dot(s, y)
    if (curvature > 0) steps.push({ s, y, rho: 1 / curvature })
    if (steps.length > MEMORY) steps.shift()
    x = next
    gradient = nextGradient
    value = nextValue
  }
  return { parameters: x, iterations, gradient: largest(gradient) }
}

function twoLoop(
  gradient: Float64Array,
  steps: readonly { s: Float64Array; y: Float64Array; rho: number }[],
): Float64Array {
  const q = gradient.slice()
  const factors = steps.map(() => 0)
  for (let k = steps.length - 1; k >= 0; k--) {
    const { s, y, rho } = steps[k] as (typeof steps)[number]
    const factor = rho * dot(s, q)
    factors[k] = factor
    for (let i = 0; i < q.length; i++) q[i] = (q[i] as number) - factor * (y[i] as number)
  }
  const last = steps.at(-1)
  const scale = last ? 1 / (last.rho * dot(last.y, last.y)) : 1
  for (let i = 0; i < q.length; i++) q[i] = (q[i] as number) * scale
  steps.forEach(({ s, y, rho }, k) => {
    const factor = (factors[k] as number) - rho * dot(y, q)
    for (let i = 0; i < q.length; i++) q[i] = (q[i] as number) + factor * (s[i] as number)
  })
  return q.map((value) => -value)
}

/** (a − b) / (a + b + 1), standardised: as the published notebooks prepare it. */
export function styleColumns({ votes, features }: BenchArena): Float64Array[] {
  return features.map(({ a, b }) => {
    const z = Float64Array.from({ length: votes.length }, (_, v) => {
      const x = a[v] ?? 0
      const y = b[v] ?? 0
      return (x - y) / (x + y + 1)
    })
    const mean = z.reduce((sum, value) => sum + value, 0) / z.length
    const deviation = Math.sqrt(z.reduce((sum, value) => sum + (value - mean) ** 2, 0) / z.length)
    return z.map((value) => (value - mean) / deviation)
  })
}

function moved(x: Float64Array, direction: Float64Array, share: number): Float64Array {
  return x.map((value, k) => value + share * (direction[k] as number))
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0
  for (let k = 0; k < x.length; k++) sum += (x[k] as number) * (y[k] as number)
  return sum
}

function largest(x: Float64Array): number {
  let most = 0
  for (const value of x) most = Math.max(most, Math.abs(value))
  return most
}
