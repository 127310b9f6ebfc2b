/** A longer copy of a typed array, at least doubled so that growing one by one stays linear overall. */
export function grownFloats(array: Float64Array, needed: number): Float64Array {
  if (needed <= array.length) return array
  const longer = new Float64Array(Math.max(needed, array.length * 2, 16))
  longer.set(array)
  return longer
}

/** {@link grownFloats} for whole numbers. */
export function grownInts(array: Int32Array, needed: number): Int32Array {
  if (needed <= array.length) return array
  const longer = new Int32Array(Math.max(needed, array.length * 2, 16))
  longer.set(array)
  return longer
}
