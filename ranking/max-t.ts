import { normalQuantile } from './normal.ts'
import { createRandom } from './random.ts'

/** Simulated draws are paid for in multiplications; beyond this many the closed bound takes over. */
const BUDGET = 1_000_000
const FEWEST_DRAWS = 500
const MOST_DRAWS = 8_000

/** How many models the simulation can afford: 63. */
export const MOST_SIMULATED = Math.floor(Math.sqrt((2 * BUDGET) / FEWEST_DRAWS))

/**
 * Šidák's critical value: |x_i| ≤ z · sd_i holds for all of `count` jointly normal x_i with at least this probability,
 * whatever their correlations (Šidák 1967). For the weak correlations of a large board it is exact to about 0.01.
 */
export function sidakCriticalValue(count: number, level: number): number {
  return normalQuantile((1 + level ** (1 / count)) / 2)
}

/**
 * The max-t critical value: the `level` quantile of max_i |x_i| / sd_i for x normal with this covariance, by seeded
 * simulation; of two models relative to their mean one mirrors the other. The maximum over the same draws without correlation, whose quantile is known exactly, serves as control
 * variate. Never above Šidák's. `covariance` is size × size, row-major; casts: indices are below size².
 */
export function maxTCriticalValue(
  covariance: Float64Array,
  size: number,
  { level, seed }: { level: number; seed: number },
): number {
  if (size <= 2) return normalQuantile((1 + level) / 2)
  const sidak = sidakCriticalValue(size, level)
  if (size > MOST_SIMULATED) return sidak
  const factor = correlationFactor(covariance, size)
  const draws = Math.min(MOST_DRAWS, Math.floor((2 * BUDGET) / (size * size)))
  const maxima = new Float64Array(draws)
  const exceedsAlone = new Uint8Array(draws)
  const random = createRandom(seed)
  const u = new Float64Array(size)
  for (let d = 0; d < draws; d++) {
    for (let i = 0; i < size; i++) {
      const x = random.normal()
      u[i] = x
      if (Math.abs(x) > sidak) exceedsAlone[d] = 1
    }
    maxima[d] = largestProduct(factor, u, size)
  }
  return Math.min(sidak, controlledQuantile(maxima, exceedsAlone, level))
}

function controlledQuantile(maxima: Float64Array, exceedsAlone: Uint8Array, level: number): number {
  const sorted = maxima.slice().sort()
  const quantile = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  const raw = quantile(level)
  const draws = maxima.length
  let alone = 0
  let both = 0
  maxima.forEach((maximum, d) => {
    if (!exceedsAlone[d]) return
    alone++
    if (maximum > raw) both++
  })
  const share = alone / draws
  const slope = (both / draws - (1 - level) * share) / (share * (1 - share) || 1)
  return quantile(level - slope * (share - (1 - level)))
}

/** Lower triangular L with LLᵀ the correlation matrix; a singular one gets zero columns. */
function correlationFactor(covariance: Float64Array, size: number): Float64Array {
  const deviation = Float64Array.from({ length: size }, (_, i) => Math.sqrt(covariance[i * size + i] as number))
  const l = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const scale = (deviation[i] as number) * (deviation[j] as number)
      let sum = scale > 0 ? (covariance[i * size + j] as number) / scale : 0
      for (let k = 0; k < j; k++) sum -= (l[i * size + k] as number) * (l[j * size + k] as number)
      const pivot = l[j * size + j] as number
      if (i === j) l[i * size + i] = sum > 1e-10 ? Math.sqrt(sum) : 0
      else l[i * size + j] = pivot > 0 ? sum / pivot : 0
    }
  }
  return l
}

function largestProduct(l: Float64Array, u: Float64Array, size: number): number {
  let most = 0
  for (let i = 0; i < size; i++) {
    let sum = 0
    for (let j = 0; j <= i; j++) sum += (l[i * size + j] as number) * (u[j] as number)
    most = Math.max(most, Math.abs(sum))
  }
  return most
}
