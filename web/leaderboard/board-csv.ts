import type { LeaderboardRow } from '../../contract/leaderboard.ts'

const COLUMNS = [
  'rank',
  'rankLower',
  'rankUpper',
  'model',
  'organization',
  'license',
  'rating',
  'lower',
  'upper',
  'votes',
  'winRate',
  'elo',
  'preliminary',
  'component',
  'sample',
] as const satisfies readonly (keyof LeaderboardRow)[]

/** The rows of a table as comma-separated values with all their digits. Names of columns are those of the interface. */
export function toCsv(rows: readonly LeaderboardRow[]): string {
  const lines = rows.map((row) =>
    COLUMNS.map((column) => cellOf(column === 'rank' && row.preliminary ? null : row[column])),
  )
  // A mark of byte order, without which spreadsheets read Cyrillic as something else.
  return `\uFEFF${[COLUMNS.join(','), ...lines.map((cells) => cells.join(','))].join('\r\n')}\r\n`
}

function cellOf(value: string | number | boolean | null): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  // A cell that begins so would be a formula; an apostrophe makes it text.
  const text = /^[=+\-@\t\r\n|%＝＋－＠]/.test(value) ? `'${value}` : value
  return /[",\r\n']/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text
}

/** A name that is one on every system, whatever arena and category are called. */
export function csvName(arena: string, category: string): string {
  return `ringside-${`${arena}-${category}`.replace(/[^a-z0-9-]+/gi, '-').slice(0, 80)}.csv`
}
