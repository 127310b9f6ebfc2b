import { BadLineError } from './bad-line.ts'
import { shown } from './printable-text.ts'
import { aliasesOf, automaticVoterColumn, columnOf, namedColumn, VOTE_FIELDS, type VoteField } from './vote-fields.ts'

/** What the command wants to know of each row. */
export interface Wanted {
  readonly format: 'auto' | 'arena' | 'pairs'
  /** `auto`, `none` or a column; undefined when nothing will be clustered. */
  readonly cluster: string | undefined
  readonly categories: boolean
  readonly style: boolean
}

/** Which column holds what, for rows with the same columns. */
export interface RowPlan {
  readonly layout: 'arena' | 'pairs'
  /** Column of each field, -1 for none or not wanted. */
  readonly columns: Readonly<Record<VoteField, number>>
  readonly cluster: number
  /** How many columns a row has. */
  readonly width: number
}

const STYLE: readonly VoteField[] = [
  'tokens_a',
  'tokens_b',
  'headers_a',
  'headers_b',
  'lists_a',
  'lists_b',
  'bold_a',
  'bold_b',
]
const PAIRS: readonly VoteField[] = ['wins_a', 'wins_b', 'ties', 'ties_both_bad']

/** Finds the columns. Throws {@link BadLineError} when one is missing, at the line that shows it. */
export function planRow(columns: readonly string[], wanted: Wanted, line: number): RowPlan {
  const found = Object.fromEntries(VOTE_FIELDS.map((field) => [field, columnOf(field, columns)])) as Record<
    VoteField,
    number
  >
  const layout = layoutOf(found, wanted.format)
  const need = (field: VoteField) => {
    if (found[field] < 0) throw new BadLineError(line, field, describeMissing(field, columns))
  }
  need('model_a')
  need('model_b')
  if (layout === 'pairs') {
    need('wins_a')
    need('wins_b')
    return { layout, columns: found, cluster: -1, width: columns.length }
  }
  if (!hasOneHot(found)) need('winner')
  for (const field of PAIRS) found[field] = -1
  if (!wanted.categories) {
    found.category = -1
    found.is_code = -1
  }
  dropStyle(found, wanted.style, line)
  return { layout, columns: found, cluster: clusterColumn(columns, wanted.cluster), width: columns.length }
}

function layoutOf(found: Readonly<Record<VoteField, number>>, format: Wanted['format']): 'arena' | 'pairs' {
  if (format !== 'auto') return format
  return found.wins_a >= 0 && found.wins_b >= 0 ? 'pairs' : 'arena'
}

function hasOneHot(found: Readonly<Record<VoteField, number>>): boolean {
  const isThere = found.winner_model_a >= 0 && found.winner_model_b >= 0
  return isThere && found.winner < 0
}

/** Counts of both sides in columns of their own come before the ones inside `conv_metadata`. */
function dropStyle(found: Record<VoteField, number>, isWanted: boolean, line: number): void {
  for (let k = 0; k < STYLE.length; k += 2) {
    const [a, b] = [STYLE[k], STYLE[k + 1]]
    if (a === undefined || b === undefined || (isWanted && found[a] >= 0 && found[b] >= 0)) continue
    found[a] = -1
    found[b] = -1
  }
  const hasColumns = STYLE.some((field) => found[field] >= 0)
  if (!isWanted || hasColumns) found.conv_metadata = -1
  if (isWanted && !hasColumns && found.conv_metadata < 0) {
    throw new BadLineError(
      line,
      'tokens_a',
      'expected style counts for --style (tokens_a, tokens_b, headers_a, …), got none',
    )
  }
}

function clusterColumn(columns: readonly string[], cluster: string | undefined): number {
  if (cluster === undefined || cluster === 'none') return -1
  return cluster === 'auto' ? automaticVoterColumn(columns) : namedColumn(cluster, columns)
}

function describeMissing(field: VoteField, columns: readonly string[]): string {
  const others = aliasesOf(field).slice(1)
  const names = others.length > 0 ? `${field} (or ${others.join(', ')})` : field
  return `expected a column ${names}, got ${columns.map((name) => shown(name)).join(', ') || 'none'}`
}

/** Which columns a reader has to look at. */
export function neededColumns({ columns, cluster, width }: RowPlan): Uint8Array {
  const needed = new Uint8Array(width)
  for (const column of [...Object.values(columns), cluster]) if (column >= 0) needed[column] = 1
  return needed
}
