/** The standard normal density. */
export function normalDensity(x: number): number {
  return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)
}

/**
 * P(Z ≤ x): the Taylor series φ(x)(x + x³/3 + x⁵/15 + …) in the middle (Marsaglia 2004), Laplace's continued fraction
 * in the tails, where it keeps its relative accuracy.
 */
export function normalCdf(x: number): number {
  if (x > 3) return 1 - upperTail(x)
  if (x < -3) return upperTail(-x)
  let term = x
  let sum = x
  for (let k = 3; Math.abs(term) > 1e-18; k += 2) {
    term *= (x * x) / k
    sum += term
  }
  return 0.5 + sum * normalDensity(x)
}

function upperTail(x: number): number {
  let fraction = x
  for (let k = 100; k >= 1; k--) fraction = x + k / fraction
  return normalDensity(x) / fraction
}

/**
 * The x with P(Z ≤ x) = p, for 0 < p < 1: Hastings' rational start (Abramowitz & Stegun 26.2.23), then Halley's
 * iteration down to rounding.
 */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p)
  const t = Math.sqrt(-2 * Math.log(p))
  const ratio = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
  let x = ratio - t
  for (let step = 0; step < 4; step++) {
    const error = (normalCdf(x) - p) / normalDensity(x)
    x -= error / (1 + (x * error) / 2)
  }
  return x
}
