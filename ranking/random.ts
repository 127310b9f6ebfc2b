/** A seeded stream of random numbers. Same seed, same numbers, on every machine. */
export interface Random {
  /** 32 random bits, as an integer from −2³¹ up. */
  bits(): number
  /** Uniform in (0, 1), never an end point. */
  uniform(): number
  /** Standard normal. */
  normal(): number
  /** Fills an array with what `bits` would have given. */
  fill(words: Int32Array): void
}

/** xoshiro128** (Blackman & Vigna 2018), its state filled from the seed by SplitMix32. */
export function createRandom(seed: number): Random {
  let filler = Math.imul(Math.trunc(seed) | 0, 1)
  const seedWord = () => {
    filler = (filler + 0x9e3779b9) | 0
    let z = Math.imul(filler ^ (filler >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return z ^ (z >>> 15)
  }
  let s0 = seedWord()
  let s1 = seedWord()
  let s2 = seedWord()
  let s3 = seedWord()
  let spare = Number.NaN

  const bits = () => {
    const product = Math.imul(s1, 5)
    const result = Math.imul((product << 7) | (product >>> 25), 9)
    const shifted = s1 << 9
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = (s3 << 11) | (s3 >>> 21)
    return result
  }
  const uniform = () => ((bits() >>> 0) + 0.5) / 4294967296
  /** Marsaglia's polar method: two normals from a point in the unit disc; the second is kept for the next call. */
  const normal = () => {
    if (!Number.isNaN(spare)) {
      const kept = spare
      spare = Number.NaN
      return kept
    }
    for (;;) {
      const x = 2 * uniform() - 1
      const y = 2 * uniform() - 1
      const square = x * x + y * y
      if (square >= 1 || square === 0) continue
      const factor = Math.sqrt((-2 * Math.log(square)) / square)
      spare = y * factor
      return x * factor
    }
  }
  /** The same steps on local variables, which is several times as fast. */
  const fill = (words: Int32Array) => {
    let a = s0
    let b = s1
    let c = s2
    let d = s3
    for (let k = 0; k < words.length; k++) {
      const product = Math.imul(b, 5)
      words[k] = Math.imul((product << 7) | (product >>> 25), 9)
      const shifted = b << 9
      c ^= a
      d ^= b
      b ^= c
      a ^= d
      c ^= shifted
      d = (d << 11) | (d >>> 21)
    }
    s0 = a
    s1 = b
    s2 = c
    s3 = d
  }
  return { bits, uniform, normal, fill }
}
