import type { RankArguments } from './rank-arguments.ts'
import type { NamedBoard } from './rank-boards.ts'

/**
 * The boards as JSON: an array of rows; with style or side effects an object of rows and effects; with a board for
 * each category an object of either by category.
 */
export function toJson(boards: readonly NamedBoard[], names: readonly string[], asked: RankArguments): string {
  const bodies = boards.map((each) => [each.category ?? '', bodyOf(each, names, asked)] as const)
  const value = asked.categories === 'each' ? Object.fromEntries(bodies) : (bodies[0]?.[1] ?? [])
  return `${JSON.stringify(value, null, 1)}\n`
}

function bodyOf(named: NamedBoard, names: readonly string[], asked: RankArguments) {
  const rows = rowsOf(named, names, asked)
  if (!asked.style && !asked.side) return rows
  const hasErrors = asked.interval !== 'none'
  const effects = named.board.effects.map(({ name, estimate, se }) => ({ name, estimate, se: hasErrors ? se : null }))
  return { rows, effects }
}

function rowsOf({ board, elo, plain }: NamedBoard, names: readonly string[], asked: RankArguments) {
  const hasErrors = asked.interval !== 'none'
  const plainRows = new Map(plain?.rows.map((row) => [row.model, row]))
  return board.rows.map((row) => {
    const without = plainRows.get(row.model)
    return {
      rank: row.rank,
      rankLower: row.rankLower,
      rankUpper: row.rankUpper,
      model: names[row.model] ?? '',
      rating: row.rating,
      se: hasErrors ? row.se : null,
      lower: hasErrors ? row.lower : null,
      upper: hasErrors ? row.upper : null,
      votes: row.votes,
      rankArena: row.rankArena,
      wins: row.wins,
      losses: row.losses,
      ties: row.ties,
      bothBad: row.bothBad,
      winRate: row.winRate,
      ...(elo ? { elo: elo[row.model] } : {}),
      ...(without ? { rankWithoutStyle: without.rank, ratingWithoutStyle: without.rating } : {}),
      preliminary: row.preliminary,
      provisional: row.provisional,
      component: row.component,
    }
  })
}
