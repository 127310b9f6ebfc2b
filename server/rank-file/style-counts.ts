import { BadLineError } from './bad-line.ts'
import { shown } from './printable-text.ts'
import type { RowCells } from './row-cells.ts'
import type { RowPlan } from './row-plan.ts'

/** Columns in pairs, side a and side b, with the name of the coefficient and the place inside `conv_metadata`. */
export const STYLE_FEATURES = [
  { name: 'length', a: 'tokens_a', b: 'tokens_b', inMetadata: 'sum_assistant_SIDE_tokens' },
  { name: 'headers', a: 'headers_a', b: 'headers_b', inMetadata: 'header_count_SIDE' },
  { name: 'lists', a: 'lists_a', b: 'lists_b', inMetadata: 'list_count_SIDE' },
  { name: 'bold', a: 'bold_a', b: 'bold_b', inMetadata: 'bold_count_SIDE' },
] as const

export const STYLE_COUNTS = STYLE_FEATURES.flatMap(({ a, b }) => [a, b])

/** Eight counts, in the order of {@link STYLE_COUNTS}; 0 for features that the file does not have. */
export function readStyle(row: RowCells, plan: RowPlan): number[] {
  const { columns } = plan
  if (columns.conv_metadata < 0) return STYLE_COUNTS.map((field) => countIn(row, field, columns[field]))
  const metadata = metadataOf(row, columns.conv_metadata)
  return STYLE_FEATURES.flatMap(({ inMetadata, a, b }) => [
    summed(metadata.get(inMetadata.replace('SIDE', 'a')), { row, field: a }),
    summed(metadata.get(inMetadata.replace('SIDE', 'b')), { row, field: b }),
  ])
}

function countIn(row: RowCells, field: string, column: number): number {
  if (column < 0) return 0
  if (row.isNull(column)) throw new BadLineError(row.line, field, 'expected a count, got nothing')
  const value = row.numberOf(column)
  if (value >= 0 && value < Number.POSITIVE_INFINITY) return value
  throw new BadLineError(row.line, field, `expected a count of 0 or more, got ${shown(row.valueOf(column))}`)
}

function metadataOf(row: RowCells, column: number): Map<string, unknown> {
  const value = row.isNull(column) ? undefined : parsed(row.valueOf(column))
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return new Map(Object.entries(value))
  throw new BadLineError(row.line, 'conv_metadata', `expected an object with style counts, got ${shown(value)}`)
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

/** A count, or an object of counts such as `{"h1": 2, "h2": 0}`: their sum. */
function summed(value: unknown, { row, field }: { row: RowCells; field: string }): number {
  if (value === undefined || value === null) return 0
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value)
  if (typeof value === 'object') {
    return Object.values(value).reduce((sum: number, part: unknown) => sum + summed(part, { row, field }), 0)
  }
  throw new BadLineError(row.line, field, `expected a count or an object of counts, got ${shown(value)}`)
}
