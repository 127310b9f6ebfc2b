import type { Cell, Column, Row } from '../columns.ts'
import { isList, isStruct, jsonText, toFloat } from './json-row.ts'

/** RFC 4180. */
const LINE_END = '\r\n'

/** What a spreadsheet takes for the beginning of a formula, full-width forms too, and the mark that hides it. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠']/u

export function csvHeader(columns: readonly Column[]): string {
  return columns.map(({ name }) => name).join(',') + LINE_END
}

/** Builds the function that writes rows of a shape as CSV: text always quoted, null empty, lists and objects as JSON. */
export function csvWriter(columns: readonly Column[]): (row: Row) => string {
  const writers = columns.map((column) => ({ name: column.name, write: cellWriter(column) }))
  return (row) => writers.map(({ name, write }) => write(row[name])).join(',') + LINE_END
}

function cellWriter(column: Column): (cell: Cell | undefined) => string {
  const asJson = jsonText([column])
  return (cell) => {
    if (cell === null || cell === undefined) return ''
    if (typeof cell === 'string') return quote(shield(cell))
    if (typeof cell === 'boolean') return String(cell)
    if (typeof cell === 'number') return numberCell(column, cell)
    if (isList(cell) && isListOfText(column)) return quote(shield(cell.map(String).join('|')))
    if (isList(cell) || isStruct(cell)) return quote(unwrap(asJson({ [column.name]: cell }), column.name))
    return ''
  }
}

function isListOfText({ type }: Column): boolean {
  return type.kind === 'list' && type.element.kind === 'string'
}

function numberCell({ type }: Column, cell: number): string {
  if (type.kind === 'instant') return quote(new Date(cell).toISOString())
  return type.kind === 'float' ? toFloat(cell) : String(cell)
}

/** The JSON of the only field of an object. */
function unwrap(json: string, name: string): string {
  return json.slice(JSON.stringify(name).length + 2, -1)
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}

/** A spreadsheet shows the rest of the text; our own import takes the mark away again. */
export function shield(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text
}
