/**
 * P(X > x) for a chi-square variable: the regularised upper incomplete gamma function Q(k/2, x/2), by its series below
 * the mean and by Lentz's continued fraction above (Press et al., Numerical Recipes, 6.2).
 */
export function chiSquareTail(x: number, degrees: number): number {
  const a = degrees / 2
  const y = x / 2
  if (y <= 0) return 1
  const scale = Math.exp(a * Math.log(y) - y - logGamma(a))
  return y < a + 1 ? 1 - scale * lowerSeries(a, y) : scale * upperFraction(a, y)
}

function lowerSeries(a: number, y: number): number {
  let term = 1 / a
  let sum = term
  for (let k = 1; k < 10_000 && term > sum * 1e-16; k++) {
    term *= y / (a + k)
    sum += term
  }
  return sum
}

function upperFraction(a: number, y: number): number {
  let b = y + 1 - a
  let c = 1e300
  let d = 1 / b
  let fraction = d
  for (let k = 1; k < 10_000; k++) {
    const factor = -k * (k - a)
    b += 2
    d = 1 / (factor * d + b)
    c = b + factor / c
    fraction *= c * d
    if (Math.abs(c * d - 1) < 1e-15) break
  }
  return fraction
}

/** log Γ(a) for a > 0: Stirling's series after moving a up to where it is exact to rounding. */
function logGamma(a: number): number {
  let x = a
  let product = 1
  for (; x < 10; x++) product *= x
  const inverse = 1 / (x * x)
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse / 1188)))) / x
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product)
}
