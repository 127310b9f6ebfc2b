/** One manner of answering, counted in both answers of every vote: tokens, headers, lists, bold spans. */
export interface StyleFeature {
  readonly name: string
  readonly a: ArrayLike<number>
  readonly b: ArrayLike<number>
}

/** Its standardised difference by vote. */
export interface StandardFeature {
  readonly name: string
  readonly z: Float32Array
}

/** As many as the fit has room for. */
export const MOST_FEATURES = 4

/**
 * z = (a − b) / (a + b + 1) per vote (LMArena's normalised difference; no feature value beyond ±1), standardised to mean
 * 0 and population standard deviation 1 over the votes for which `counts`. A feature without variation is left out.
 * Coefficients are per standard deviation, in logits. Casts: columns are as long as the votes.
 */
export function standardisedDifferences(
  features: readonly StyleFeature[],
  votes: number,
  counts: (vote: number) => boolean,
): StandardFeature[] {
  return features.flatMap(({ name, a, b }) => {
    const z = new Float32Array(votes)
    let sum = 0
    let squares = 0
    let counted = 0
    for (let v = 0; v < votes; v++) {
      if (!counts(v)) continue
      const x = a[v] as number
      const y = b[v] as number
      const value = (x - y) / (x + y + 1)
      z[v] = value
      sum += value
      squares += value * value
      counted++
    }
    const mean = sum / counted
    const deviation = Math.sqrt(squares / counted - mean * mean)
    if (!(deviation > 1e-9)) return []
    for (let v = 0; v < votes; v++) z[v] = ((z[v] as number) - mean) / deviation
    return [{ name, z }]
  })
}
