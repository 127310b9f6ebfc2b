/** An estimate's interval. */
export interface Interval {
  readonly lower: number
  readonly upper: number
}

/** Best and worst place an estimate can hold. */
export interface RankRange {
  readonly best: number
  readonly worst: number
}

/** LMArena's rank: 1 + the number of intervals that lie wholly above this one. */
export function arenaRanks(intervals: readonly Interval[]): number[] {
  const lowers = Float64Array.from(intervals, (interval) => interval.lower).sort()
  return intervals.map(({ upper }) => 1 + lowers.length - countUpTo(lowers, upper))
}

/** How many sorted values are ≤ limit. */
function countUpTo(sorted: Float64Array, limit: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) <= limit) low = middle + 1
    else high = middle
  }
  return low
}

/** Leads below this are rounding. */
const SAME = 1e-9

/**
 * The places that estimates can hold, from all pairwise differences at once: j is surely above i when its lead exceeds
 * `critical` standard errors of the difference. The best place of i is 1 + #{j surely above}, the worst is
 * n − #{j surely below}. With a simultaneous critical value the true places lie in all ranges together with the stated
 * confidence (Mogstad, Romano, Shaikh & Wilhelm 2024). O(n²).
 */
export function rankRanges(
  ratings: ArrayLike<number>,
  errorOfDifference: (i: number, j: number) => number,
  critical: number,
): RankRange[] {
  const count = ratings.length
  const above = new Int32Array(count)
  const below = new Int32Array(count)
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      const lead = (ratings[i] ?? 0) - (ratings[j] ?? 0)
      if (Math.abs(lead) <= critical * errorOfDifference(i, j) + SAME) continue
      const [winner, loser] = lead > 0 ? [i, j] : [j, i]
      above[loser] = (above[loser] ?? 0) + 1
      below[winner] = (below[winner] ?? 0) + 1
    }
  }
  return Array.from(above, (better, i) => ({ best: 1 + better, worst: count - (below[i] ?? 0) }))
}
