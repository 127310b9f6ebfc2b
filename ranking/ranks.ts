/** An estimate with its interval. */
export interface Interval {
  readonly lower: number
  readonly upper: number
}

/** Best and worst place an estimate can hold. */
export interface RankRange {
  readonly best: number
  readonly worst: number
}

/**
 * Places from intervals: j is surely above i when j's interval lies wholly above i's. The best place of i is
 * 1 + #{j surely above i}, the worst is n − #{j surely below i}. With pointwise 95 % intervals the best place is
 * LMArena's rank; with simultaneous ones all true places lie in their ranges with 95 % confidence.
 */
export function rankRanges(intervals: readonly Interval[]): RankRange[] {
  const lowers = Float64Array.from(intervals, (interval) => interval.lower).sort()
  const uppers = Float64Array.from(intervals, (interval) => interval.upper).sort()
  return intervals.map(({ lower, upper }) => ({
    best: 1 + lowers.length - countUpTo(lowers, upper),
    worst: uppers.length - countBelow(uppers, lower),
  }))
}

/** How many sorted values are ≤ limit. */
function countUpTo(sorted: Float64Array, limit: number): number {
  return partition(sorted, (value) => value <= limit)
}

/** How many sorted values are < limit. */
function countBelow(sorted: Float64Array, limit: number): number {
  return partition(sorted, (value) => value < limit)
}

function partition(sorted: Float64Array, isBefore: (value: number) => boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (isBefore(sorted[middle] ?? 0)) low = middle + 1
    else high = middle
  }
  return low
}
