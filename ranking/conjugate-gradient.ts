/** A symmetric positive semidefinite operator with its diagonal, for preconditioning. */
export interface SymmetricOperator {
  readonly diagonal: Float64Array
  multiply(v: Float64Array, out: Float64Array): void
}

/**
 * Solves A x = b by conjugate gradients preconditioned with the diagonal (Hestenes & Stiefel 1952) down to a relative
 * residual. A may have a null space as long as b is orthogonal to it. Casts: all vectors have the length of b.
 */
export function conjugateGradient(
  a: SymmetricOperator,
  b: Float64Array,
  { tolerance, maxIterations }: { tolerance: number; maxIterations: number },
): Float64Array {
  const size = b.length
  const x = new Float64Array(size)
  const residual = b.slice()
  const direction = new Float64Array(size)
  const product = new Float64Array(size)
  let previous = 0
  let goal = 0
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    let current = 0
    for (let i = 0; i < size; i++) {
      const r = residual[i] as number
      current += (r * r) / (a.diagonal[i] as number)
    }
    if (iteration === 0) goal = current * tolerance * tolerance
    if (!(current > goal)) break
    const keep = iteration === 0 ? 0 : current / previous
    for (let i = 0; i < size; i++) {
      direction[i] = (residual[i] as number) / (a.diagonal[i] as number) + keep * (direction[i] as number)
    }
    a.multiply(direction, product)
    let curvature = 0
    for (let i = 0; i < size; i++) curvature += (direction[i] as number) * (product[i] as number)
    if (!(curvature > 0)) break
    const step = current / curvature
    for (let i = 0; i < size; i++) {
      x[i] = (x[i] as number) + step * (direction[i] as number)
      residual[i] = (residual[i] as number) - step * (product[i] as number)
    }
    previous = current
  }
  return x
}
