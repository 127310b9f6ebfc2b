/** Products with full symmetric matrices, row-major. Casts: indices are below the size given. */

/** out = A v; entries of v and out beyond `size` are left alone. */
export function multiplySymmetric(a: Float64Array, size: number, v: Float64Array, out: Float64Array): void {
  let i = 0
  for (; i + 3 < size; i += 4) {
    const row0 = i * size
    const row1 = row0 + size
    const row2 = row1 + size
    const row3 = row2 + size
    let sum0 = 0
    let sum1 = 0
    let sum2 = 0
    let sum3 = 0
    for (let j = 0; j < size; j++) {
      const value = v[j] as number
      sum0 += (a[row0 + j] as number) * value
      sum1 += (a[row1 + j] as number) * value
      sum2 += (a[row2 + j] as number) * value
      sum3 += (a[row3 + j] as number) * value
    }
    out[i] = sum0
    out[i + 1] = sum1
    out[i + 2] = sum2
    out[i + 3] = sum3
  }
  for (; i < size; i++) out[i] = rowProduct(a, i * size, v, 0, size)
}

/** C B C for symmetric C and B: 3/2 size³ multiplications. */
export function sandwich(c: Float64Array, b: Float64Array, size: number): Float64Array {
  const half = new Float64Array(size * size)
  for (let i = 0; i < size; i += 4) rowProducts({ x: c, y: b, out: half, size, from: i, columns: size })
  const product = new Float64Array(size * size)
  for (let i = 0; i < size; i += 4) {
    rowProducts({ x: c, y: half, out: product, size, from: i, columns: Math.min(size, i + 4) })
  }
  mirrorLower(product, size)
  return product
}

/** U Uᵀ for an upper triangular U: what lies left of the diagonal is never read. */
export function upperTimesTransposed(u: Float64Array, size: number): Float64Array {
  const product = new Float64Array(size * size)
  for (let i = 0; i < size; i += 4) {
    rowProducts({ x: u, y: u, out: product, size, from: i, columns: Math.min(size, i + 4), start: i })
  }
  mirrorLower(product, size)
  return product
}

interface RowProducts {
  readonly x: Float64Array
  readonly y: Float64Array
  readonly out: Float64Array
  readonly size: number
  readonly from: number
  readonly columns: number
  /** Where rows begin to differ from 0. */
  readonly start?: number
}

/** out[i, j] = row i of x · row j of y for up to four rows i from `from`, all columns j below `columns`, four by two at a time. */
function rowProducts({ x, y, out, size, from, columns, start = 0 }: RowProducts): void {
  if (from + 4 > size) {
    for (let i = from; i < size; i++) {
      for (let j = 0; j < columns; j++) out[i * size + j] = rowProduct(x, i * size, y, j * size, size)
    }
    return
  }
  const row0 = from * size
  const row1 = row0 + size
  const row2 = row1 + size
  const row3 = row2 + size
  let j = 0
  for (; j + 1 < columns; j += 2) {
    const left = j * size
    const right = left + size
    let sum00 = 0
    let sum01 = 0
    let sum10 = 0
    let sum11 = 0
    let sum20 = 0
    let sum21 = 0
    let sum30 = 0
    let sum31 = 0
    for (let k = start; k < size; k++) {
      const y0 = y[left + k] as number
      const y1 = y[right + k] as number
      const x0 = x[row0 + k] as number
      const x1 = x[row1 + k] as number
      const x2 = x[row2 + k] as number
      const x3 = x[row3 + k] as number
      sum00 += x0 * y0
      sum01 += x0 * y1
      sum10 += x1 * y0
      sum11 += x1 * y1
      sum20 += x2 * y0
      sum21 += x2 * y1
      sum30 += x3 * y0
      sum31 += x3 * y1
    }
    out[row0 + j] = sum00
    out[row0 + j + 1] = sum01
    out[row1 + j] = sum10
    out[row1 + j + 1] = sum11
    out[row2 + j] = sum20
    out[row2 + j + 1] = sum21
    out[row3 + j] = sum30
    out[row3 + j + 1] = sum31
  }
  for (; j < columns; j++) {
    for (let i = from; i < from + 4; i++) out[i * size + j] = rowProduct(x, i * size, y, j * size, size)
  }
}

function rowProduct(x: Float64Array, rowX: number, y: Float64Array, rowY: number, size: number): number {
  let sum = 0
  for (let k = 0; k < size; k++) sum += (x[rowX + k] as number) * (y[rowY + k] as number)
  return sum
}

/** Copies the lower triangle onto the upper one. */
export function mirrorLower(a: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) a[j * size + i] = a[i * size + j] as number
  }
}
