import { upperTimesTransposed } from './symmetric-products.ts'

/**
 * Dense linear algebra on row-major typed arrays, four rows at a time so that loaded numbers are used four times.
 * Casts: every index is below size².
 */

/**
 * Overwrites the lower triangle of a symmetric positive definite matrix (size × size, row-major) with its Cholesky
 * factor L, A = LLᵀ. Returns false, leaving the matrix half done, when it is not positive definite.
 */
export function factorize(a: Float64Array, size: number): boolean {
  for (let j = 0; j < size; j++) {
    const rowJ = j * size
    let diagonal = a[rowJ + j] as number
    for (let k = 0; k < j; k++) diagonal -= (a[rowJ + k] as number) * (a[rowJ + k] as number)
    if (!(diagonal > 0)) return false
    const pivot = Math.sqrt(diagonal)
    a[rowJ + j] = pivot
    const inverse = 1 / pivot
    let i = j + 1
    for (; i + 3 < size; i += 4) {
      const row0 = i * size
      const row1 = row0 + size
      const row2 = row1 + size
      const row3 = row2 + size
      let sum0 = a[row0 + j] as number
      let sum1 = a[row1 + j] as number
      let sum2 = a[row2 + j] as number
      let sum3 = a[row3 + j] as number
      for (let k = 0; k < j; k++) {
        const factor = a[rowJ + k] as number
        sum0 -= (a[row0 + k] as number) * factor
        sum1 -= (a[row1 + k] as number) * factor
        sum2 -= (a[row2 + k] as number) * factor
        sum3 -= (a[row3 + k] as number) * factor
      }
      a[row0 + j] = sum0 * inverse
      a[row1 + j] = sum1 * inverse
      a[row2 + j] = sum2 * inverse
      a[row3 + j] = sum3 * inverse
    }
    for (; i < size; i++) {
      const row = i * size
      let sum = a[row + j] as number
      for (let k = 0; k < j; k++) sum -= (a[row + k] as number) * (a[rowJ + k] as number)
      a[row + j] = sum * inverse
    }
  }
  return true
}

/** Solves LLᵀx = b in place, L as left by {@link factorize}. */
export function solveFactored(l: Float64Array, size: number, b: Float64Array): void {
  for (let i = 0; i < size; i++) {
    let sum = b[i] as number
    for (let k = 0; k < i; k++) sum -= (l[i * size + k] as number) * (b[k] as number)
    b[i] = sum / (l[i * size + i] as number)
  }
  for (let i = size - 1; i >= 0; i--) {
    const x = (b[i] as number) / (l[i * size + i] as number)
    b[i] = x
    for (let k = 0; k < i; k++) b[k] = (b[k] as number) - (l[i * size + k] as number) * x
  }
}

/** (LLᵀ)⁻¹ as a full symmetric matrix, L as left by {@link factorize}: L⁻ᵀ times its transpose. */
export function invertFactored(l: Float64Array, size: number): Float64Array {
  const lower = invertTriangle(l, size)
  const upper = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) upper[j * size + i] = lower[i * size + j] as number
  }
  return upperTimesTransposed(upper, size)
}

/** L⁻¹ row by row: row i is −(Σ_{k<i} L_ik · row k) / L_ii, with 1 / L_ii on the diagonal. */
function invertTriangle(l: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    const row = i * size
    const scale = -1 / (l[row + i] as number)
    let k = 0
    for (; k + 3 < i; k += 4) {
      const factor0 = l[row + k] as number
      const factor1 = l[row + k + 1] as number
      const factor2 = l[row + k + 2] as number
      const factor3 = l[row + k + 3] as number
      const row0 = k * size
      const row1 = row0 + size
      const row2 = row1 + size
      const row3 = row2 + size
      for (let j = 0; j <= k + 3; j++) {
        inverse[row + j] =
          (inverse[row + j] as number) +
          factor0 * (inverse[row0 + j] as number) +
          factor1 * (inverse[row1 + j] as number) +
          factor2 * (inverse[row2 + j] as number) +
          factor3 * (inverse[row3 + j] as number)
      }
    }
    for (; k < i; k++) {
      const factor = l[row + k] as number
      for (let j = 0; j <= k; j++) {
        inverse[row + j] = (inverse[row + j] as number) + factor * (inverse[k * size + j] as number)
      }
    }
    for (let j = 0; j < i; j++) inverse[row + j] = (inverse[row + j] as number) * scale
    inverse[row + i] = -scale
  }
  return inverse
}
