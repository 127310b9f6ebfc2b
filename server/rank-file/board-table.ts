import type { Effect, RankedRow } from '../../ranking/board.ts'
import { toPrintable } from './printable-text.ts'
import type { RankArguments } from './rank-arguments.ts'
import type { NamedBoard } from './rank-boards.ts'

/** The boards as tables for people, one after the other. */
export function toTables(boards: readonly NamedBoard[], names: readonly string[], asked: RankArguments): string {
  return boards.map((board) => toTable(board, names, asked)).join('\n')
}

function toTable(named: NamedBoard, names: readonly string[], asked: RankArguments): string {
  const { board, category, plain } = named
  const heading = category === undefined ? [] : [`${toPrintable(category)}:`]
  if (board.rows.length === 0) return [...heading, 'no votes', ''].join('\n')
  const plainRows = new Map(plain?.rows.map((row) => [row.model, row]))
  const hasErrors = asked.interval !== 'none'
  const head = [
    'rank',
    'range',
    'model',
    'rating',
    ...(hasErrors ? ['± 95 %'] : []),
    'votes',
    ...(plain ? ['without style'] : []),
    '',
  ]
  const lines = board.rows.map((row) => [
    String(row.rank),
    row.rankLower === row.rankUpper ? String(row.rankLower) : `${row.rankLower}–${row.rankUpper}`,
    toPrintable(names[row.model] ?? ''),
    row.rating.toFixed(1),
    ...(hasErrors ? [((row.upper - row.lower) / 2).toFixed(1)] : []),
    count(row.votes),
    ...(plain ? [besides(plainRows.get(row.model))] : []),
    marks(row),
  ])
  const body = layOut([head, ...lines], new Set([2, head.length - 1]))
  return [...heading, ...body, ...notes(named), ...effectLines(board.effects, asked), ''].join('\n')
}

function besides(row: RankedRow | undefined): string {
  return row ? `${row.rating.toFixed(1)} (${row.rank})` : ''
}

function marks(row: RankedRow): string {
  if (row.provisional === 'only-wins') return 'won every vote: by a weak prior'
  if (row.provisional === 'only-losses') return 'lost every vote: by a weak prior'
  if (row.provisional === 'disconnected') return row.component > 0 ? `group ${row.component + 1}` : 'loosely connected'
  return row.preliminary ? 'few votes' : ''
}

function notes({ board }: NamedBoard): string[] {
  const method = board.interval === 'none' ? board.method : `${board.method}, ${board.interval}`
  const voters = board.clusters > 0 ? `, ${count(board.clusters)} clusters` : ''
  const lines = ['', `${count(board.votes)} votes, ${count(board.models)} models; ${method}${voters}`]
  if (board.components > 1) {
    lines.push(`${board.components} groups of models were never compared with each other: each has a scale of its own`)
  }
  if (!board.converged) lines.push('the fit has not converged: do not trust it')
  return lines
}

function effectLines(effects: readonly Effect[], asked: RankArguments): string[] {
  return effects.map(({ name, estimate, se }) => {
    const error = asked.interval === 'none' ? '' : ` ± ${(1.96 * se).toFixed(4)}`
    return `${toPrintable(name)}: ${estimate.toFixed(4)}${error}`
  })
}

function count(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString('en-US') : value.toFixed(1)
}

/** Columns side by side; those named are text and stand left, the others right. */
function layOut(lines: readonly (readonly string[])[], left: ReadonlySet<number>): string[] {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => [...(line[column] ?? '')].length)))
  return lines.map((line) =>
    line
      .map((cell, column) => {
        const space = ' '.repeat(Math.max(0, (widths[column] ?? 0) - [...cell].length))
        return left.has(column) ? cell + space : space + cell
      })
      .join('  ')
      .trimEnd(),
  )
}
