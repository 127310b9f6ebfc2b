import type { Likelihood } from './likelihood.ts'
import { factorize, invertFactored } from './cholesky.ts'
import { multiplySymmetric } from './symmetric-products.ts'

/** Casts in this file: indices are below the size of the matrices they were made for. */

/**
 * The inverse Hessian C on the subspace where ratings mean something: the Hessian is made definite by adding
 * c · 11ᵀ / m on the ratings (c its mean diagonal), which leaves that subspace alone, inverted, and the addition taken
 * out again. The result refers to the mean of the core. O(m³).
 */
export function inverseHessian(system: Likelihood): Float64Array {
  const { models, size } = system
  const hessian = system.hessian()
  const hasShift = system.prior.coreSize > 0
  const shift = hasShift ? meanDiagonal(hessian, models, size) / models : 0
  addToRatings(hessian, shift, models, size)
  const inverse = invertDefinite(hessian, size)
  if (hasShift) addToRatings(inverse, -1 / (shift * models * models), models, size)
  referToCore(inverse, system)
  return inverse
}

/** Inverts, nudging the diagonal when rounding has eaten the last digits of a nearly separated board. */
function invertDefinite(matrix: Float64Array, size: number): Float64Array {
  for (let nudge = 0; ; nudge = nudge === 0 ? 1e-14 : nudge * 10) {
    const factor = matrix.slice()
    for (let i = 0; i < size; i++) factor[i * size + i] = (factor[i * size + i] as number) * (1 + nudge)
    if (factorize(factor, size)) return invertFactored(factor, size)
    if (nudge > 1e-3) throw new Error('the information matrix is not positive definite')
  }
}

function meanDiagonal(matrix: Float64Array, models: number, size: number): number {
  let trace = 0
  for (let i = 0; i < models; i++) trace += matrix[i * size + i] as number
  return trace / models
}

function addToRatings(matrix: Float64Array, value: number, models: number, size: number): void {
  for (let i = 0; i < models; i++) {
    for (let j = 0; j < models; j++) matrix[i * size + j] = (matrix[i * size + j] as number) + value
  }
}

/** C ← Π C Πᵀ, Π = I − 1 · 1_coreᵀ / |core|: from "relative to the mean of all" to "relative to the mean of the core". */
function referToCore(c: Float64Array, system: Likelihood): void {
  const { models, size, prior } = system
  const { coreSize } = prior
  if (prior.isIdle) return
  const share = new Float64Array(size)
  for (let i = 0; i < models; i++) share[i] = prior.isCore(i) ? 1 / coreSize : 0
  const ofCore = new Float64Array(size)
  multiplySymmetric(c, size, share, ofCore)
  let mean = 0
  for (let i = 0; i < models; i++) mean += (share[i] as number) * (ofCore[i] as number)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      let value = c[i * size + j] as number
      if (i < models) value -= ofCore[j] as number
      if (j < models) value -= ofCore[i] as number
      if (i < models && j < models) value += mean
      c[i * size + j] = value
    }
  }
}
