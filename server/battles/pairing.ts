/** Something that can be drawn; its chance grows with its weight. */
export interface Contestant<Id> {
  readonly id: Id
  readonly weight: number
}

/**
 * Draws an ordered pair: every pair with a chance proportional to the product of its weights (uniform over pairs when
 * weights are equal), each side order with the same chance, never the same model twice.
 *
 * First by weight × (total − weight), then by weight among the others: P(i, j) = w_i w_j / Σ_k w_k (S − w_k), which is
 * symmetric in i and j.
 *
 * @param random uniform in [0, 1)
 * @returns undefined with fewer than two contestants of positive weight
 */
export function drawPair<Id>(
  contestants: readonly Contestant<Id>[],
  random: () => number,
): { a: Id; b: Id } | undefined {
  const able = contestants.filter(({ weight }) => weight > 0)
  const total = able.reduce((sum, { weight }) => sum + weight, 0)
  const first = drawOne(
    able.map(({ id, weight }) => ({ id, weight: weight * (total - weight) })),
    random,
  )
  if (first === undefined) return undefined
  const second = drawOne(
    able.filter(({ id }) => id !== first),
    random,
  )
  return second === undefined ? undefined : { a: first, b: second }
}

/** Draws one by weight: the rule by which a model that failed is replaced. Undefined when nobody is left. */
export function drawOne<Id>(contestants: readonly Contestant<Id>[], random: () => number): Id | undefined {
  const able = contestants.filter(({ weight }) => weight > 0)
  let point = random() * able.reduce((sum, { weight }) => sum + weight, 0)
  for (const { id, weight } of able) {
    point -= weight
    if (point < 0) return id
  }
  return able.at(-1)?.id
}
