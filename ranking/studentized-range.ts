import { normalCdf, normalDensity } from './normal.ts'

/** The trapezoidal rule is as good as exact for a smooth integrand that dies out on both sides: 1e-13 at this step. */
const STEP = 0.1
const NODES = Array.from({ length: 161 }, (_, k) => -8 + k * STEP)
const WEIGHTS = NODES.map((z) => STEP * normalDensity(z))
const BELOW = NODES.map(normalCdf)

/** P(max − min ≤ q) of `count` independent standard normals: count · ∫ φ(z) [Φ(z) − Φ(z − q)]^{count − 1} dz. */
export function rangeCdf(q: number, count: number): number {
  let sum = 0
  NODES.forEach((z, k) => {
    sum += (WEIGHTS[k] ?? 0) * ((BELOW[k] ?? 0) - normalCdf(z - q)) ** (count - 1)
  })
  return Math.min(1, count * sum)
}

/**
 * The critical value for all pairwise differences of `count` estimates at once (Tukey 1953; Kramer 1956): with
 * probability `level` no |difference − truth| exceeds it, in standard errors of that difference. Exact for two and for
 * equal errors, a little wide otherwise (Hayter 1984), without a random number in it.
 */
export function tukeyCriticalValue(count: number, level: number): number {
  const key = `${count} ${level}`
  const value = known.get(key) ?? findCriticalValue(Math.max(2, count), level)
  known.set(key, value)
  return value
}

/** Values found before: the search costs as much as fitting a small board. */
const known = new Map<string, number>()

/** Newton's method, kept inside a shrinking bracket. */
function findCriticalValue(count: number, level: number): number {
  let low = 0
  let high = 12
  let middle = 3.5
  for (let step = 0; step < 60 && high - low > 1e-9; step++) {
    const excess = rangeCdf(middle, count) - level
    if (excess < 0) low = middle
    else high = middle
    const slope = (rangeCdf(middle + 1e-4, count) - level - excess) / 1e-4
    const newton = middle - excess / slope
    if (Math.abs(newton - middle) < 1e-10) break
    middle = newton > low && newton < high ? newton : (low + high) / 2
  }
  return middle / Math.SQRT2
}
