/**
 * The shape of a file, declared once per format: the JSON, CSV and Parquet writers and the dataset card all read it.
 * Every row has every column; what can be null says so.
 */
export interface Column {
  readonly name: string
  readonly type: ColumnType
  readonly isNullable?: true
}

export type ColumnType =
  | { readonly kind: 'string' | 'int' | 'boolean' }
  /** Written with a decimal point even when whole, so that readers that guess types by the first rows guess right. */
  | { readonly kind: 'float' }
  /** Written in the shortest form that reads back as the same number. */
  | { readonly kind: 'double' }
  /** Milliseconds since 1970; text in JSON and CSV. */
  | { readonly kind: 'instant' }
  | { readonly kind: 'list'; readonly element: ColumnType }
  | { readonly kind: 'struct'; readonly fields: readonly Column[] }

export type Cell = string | number | boolean | null | readonly Cell[] | { readonly [field: string]: Cell }
export type Row = { readonly [column: string]: Cell }

export const STRING: ColumnType = { kind: 'string' }
export const INT: ColumnType = { kind: 'int' }
export const FLOAT: ColumnType = { kind: 'float' }
export const DOUBLE: ColumnType = { kind: 'double' }
export const BOOLEAN: ColumnType = { kind: 'boolean' }
export const INSTANT: ColumnType = { kind: 'instant' }

export function column(name: string, type: ColumnType): Column {
  return { name, type }
}

export function nullable(name: string, type: ColumnType): Column {
  return { name, type, isNullable: true }
}

export function listOf(element: ColumnType): ColumnType {
  return { kind: 'list', element }
}

export function structOf(...fields: Column[]): ColumnType {
  return { kind: 'struct', fields }
}

export const MESSAGE = structOf(column('role', STRING), column('content', STRING))
export const MESSAGES = listOf(MESSAGE)
