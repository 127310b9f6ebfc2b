import { BadLineError } from './bad-line.ts'
import { shown } from './printable-text.ts'
import type { RowCells } from './row-cells.ts'
import type { VoteField } from './vote-fields.ts'

/**
 * The categories of a row: one name, a list of names, names joined by `|`, or the tags of LMArena's datasets, whose
 * names are turned into ours. No category is no fault.
 */
export function categoriesOf(row: RowCells, columns: Readonly<Record<VoteField, number>>): string[] {
  const column = columns.category
  if (row.isNull(column)) return []
  const value = parsedValue(row.valueOf(column))
  if (Array.isArray(value)) return unique(value.map((name) => textOrRefuse(name, row)))
  if (typeof value === 'object' && value !== null) {
    const isCode = columns.is_code >= 0 && !row.isNull(columns.is_code) && isTrue(row.textOf(columns.is_code))
    return [...(isCode ? ['coding'] : []), ...tagCategories(value)]
  }
  return unique(
    row
      .textOf(column)
      .split('|')
      .filter((name) => name !== ''),
  )
}

/** Lists and objects stand in CSV cells as JSON. */
function parsedValue(value: unknown): unknown {
  if (typeof value !== 'string' || !/^[[{]/.test(value)) return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

function textOrRefuse(name: unknown, row: RowCells): string {
  if (typeof name === 'string') return name
  throw new BadLineError(row.line, 'category', `expected names in the list, got ${shown(name)}`)
}

const MANY_CRITERIA = 6

/** `{math_v0.1: {math: true}, if_v0.1: {if: true}, creative_writing_v0.1: {…}, criteria_v0.1: {seven of them}}` */
function tagCategories(tags: object): string[] {
  const flag = (group: string, name: string) => isTrue(at(at(tags, group), name))
  const criteria = at(tags, 'criteria_v0.1')
  const met = typeof criteria === 'object' && criteria !== null ? Object.values(criteria).filter(isTrue).length : 0
  return [
    ...(flag('math_v0.1', 'math') ? ['math'] : []),
    ...(flag('creative_writing_v0.1', 'creative_writing') ? ['creative-writing'] : []),
    ...(flag('if_v0.1', 'if') ? ['instruction-following'] : []),
    ...(met >= MANY_CRITERIA ? ['hard-prompts'] : []),
  ]
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(key) : undefined
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true' || value === 'True' || value === '1'
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)]
}
