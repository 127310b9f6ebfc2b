/** Products with full symmetric matrices, row-major. Casts: indices are below the size given. */

/** out = A v for a full symmetric matrix; entries of v and out beyond `size` are left alone. */
export function multiplySymmetric(a: Float64Array, size: number, v: Float64Array, out: Float64Array): void {
  for (let i = 0; i < size; i++) {
    const row = i * size
    let sum = 0
    for (let j = 0; j < size; j++) sum += (a[row + j] as number) * (v[j] as number)
    out[i] = sum
  }
}

/** The diagonal of C B C for symmetric C and B: row by row cᵀ B c, four rows of C at a time. O(size³ / 2). */
export function sandwichDiagonal(c: Float64Array, b: Float64Array, size: number): Float64Array {
  const diagonal = new Float64Array(size)
  let k = 0
  for (; k + 3 < size; k += 4) fourQuadraticForms(c, b, k, size, diagonal)
  for (; k < size; k++) diagonal[k] = quadraticForm(c.subarray(k * size, (k + 1) * size), b, size)
  return diagonal
}

/** vᵀ B v. */
export function quadraticForm(v: Float64Array, b: Float64Array, size: number): number {
  let sum = 0
  for (let i = 0; i < size; i++) {
    const row = i * size
    let inner = 0
    for (let j = 0; j < i; j++) inner += (b[row + j] as number) * (v[j] as number)
    sum += (v[i] as number) * (2 * inner + (b[row + i] as number) * (v[i] as number))
  }
  return sum
}

function fourQuadraticForms(c: Float64Array, b: Float64Array, k: number, size: number, out: Float64Array): void {
  const row0 = k * size
  const row1 = row0 + size
  const row2 = row1 + size
  const row3 = row2 + size
  let sum0 = 0
  let sum1 = 0
  let sum2 = 0
  let sum3 = 0
  for (let i = 0; i < size; i++) {
    const row = i * size
    let inner0 = 0
    let inner1 = 0
    let inner2 = 0
    let inner3 = 0
    for (let j = 0; j < i; j++) {
      const weight = b[row + j] as number
      inner0 += weight * (c[row0 + j] as number)
      inner1 += weight * (c[row1 + j] as number)
      inner2 += weight * (c[row2 + j] as number)
      inner3 += weight * (c[row3 + j] as number)
    }
    const diagonal = b[row + i] as number
    const c0 = c[row0 + i] as number
    const c1 = c[row1 + i] as number
    const c2 = c[row2 + i] as number
    const c3 = c[row3 + i] as number
    sum0 += c0 * (2 * inner0 + diagonal * c0)
    sum1 += c1 * (2 * inner1 + diagonal * c1)
    sum2 += c2 * (2 * inner2 + diagonal * c2)
    sum3 += c3 * (2 * inner3 + diagonal * c3)
  }
  out[k] = sum0
  out[k + 1] = sum1
  out[k + 2] = sum2
  out[k + 3] = sum3
}
