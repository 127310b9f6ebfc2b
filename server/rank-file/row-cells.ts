import type { NameTable } from './name-table.ts'

/** One row as a reader offers it, whatever the file. Columns are positions in its header. */
export interface RowCells {
  /** Line of a text file, number of the record otherwise. */
  readonly line: number
  isNull(column: number): boolean
  /** Number of the text in a column that is not null. Numbers and truth values count as their JSON text. */
  nameIn(table: NameTable, column: number): number
  textOf(column: number): string
  /** NaN for what is no number. */
  numberOf(column: number): number
  valueOf(column: number): unknown
}
