import type { LeaderboardRow } from '../../contract/leaderboard.ts'

/** One scale for every interval of a board; places are shares of its width, 0 to 100. */
export interface BoardScale {
  readonly from: number
  readonly to: number
  readonly ticks: readonly number[]
}

const STEPS = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1_000, 2_000]
const MOST_TICKS = 8

/**
 * Spans the intervals of all models that have a rank. A preliminary model with an interval of hundreds of points must
 * not press the others together: it may widen the scale by half, what lies beyond is cut at the edge.
 */
export function scaleOf(rows: readonly LeaderboardRow[]): BoardScale {
  const all = spanOf(rows)
  const ranked = spanOf(rows.filter(({ preliminary }) => !preliminary)) ?? all
  if (!all || !ranked) return { from: 990, to: 1_010, ticks: [1_000] }
  const slack = Math.max(10, (ranked.to - ranked.from) / 4)
  const from = Math.max(all.from, ranked.from - slack)
  const to = Math.min(all.to, ranked.to + slack)
  const margin = Math.max(2, (to - from) * 0.04)
  return withTicks(from - margin, to + margin)
}

function spanOf(rows: readonly LeaderboardRow[]): { from: number; to: number } | null {
  if (rows.length === 0) return null
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  for (const { rating, lower, upper } of rows) {
    from = Math.min(from, lower ?? rating)
    to = Math.max(to, upper ?? rating)
  }
  return { from, to }
}

function withTicks(from: number, to: number): BoardScale {
  const step = STEPS.find((size) => (to - from) / size <= MOST_TICKS) ?? 5_000
  const ticks: number[] = []
  for (let tick = Math.ceil(from / step) * step; tick <= to; tick += step) ticks.push(tick)
  return { from, to, ticks }
}

/** Where a rating stands on the scale; what lies beyond an edge stands on it. */
export function placeOn({ from, to }: BoardScale, rating: number): number {
  return Math.min(100, Math.max(0, ((rating - from) / (to - from)) * 100))
}
