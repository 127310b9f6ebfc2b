import type { LeaderboardRow } from '../../contract/leaderboard.ts'

/**
 * The models that the votes cannot tell apart from this one: those of the same component whose 95 % interval touches
 * its own, best first. Null while the model has no interval, so that nobody can say.
 */
export function findIndistinct(of: LeaderboardRow, rows: readonly LeaderboardRow[]): readonly LeaderboardRow[] | null {
  const { lower, upper } = of
  if (lower === null || upper === null) return null
  return rows
    .filter((row) => row.model !== of.model && row.component === of.component)
    .filter((row) => row.lower !== null && row.upper !== null && row.lower <= upper && row.upper >= lower)
    .sort((first, second) => second.rating - first.rating)
}
