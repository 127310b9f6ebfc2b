import type { Cell, Column, ColumnType, Row } from '../columns.ts'

/** Builds the function that writes rows of a shape as JSON, with the keys in the order of the columns. */
export function jsonWriter(columns: readonly Column[]): (row: Row) => string {
  return structWriter(columns)
}

type CellWriter = (cell: Cell | undefined) => string

function structWriter(columns: readonly Column[]): (row: Row) => string {
  const fields = columns.map(({ name, type, isNullable }, index) => ({
    name,
    key: `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`,
    write: cellWriter(type, isNullable ?? false),
  }))
  return (row) => {
    let json = ''
    for (const { name, key, write } of fields) json += key + write(row[name])
    return `${json}}`
  }
}

function cellWriter(type: ColumnType, isNullable: boolean): CellWriter {
  const write = valueWriter(type)
  return isNullable ? (cell) => (cell === null ? 'null' : write(cell)) : write
}

function valueWriter(type: ColumnType): CellWriter {
  switch (type.kind) {
    case 'string':
      return (cell) => (typeof cell === 'string' ? JSON.stringify(cell) : refuse(type, cell))
    case 'boolean':
      return (cell) => (typeof cell === 'boolean' ? String(cell) : refuse(type, cell))
    case 'int':
    case 'double':
      return (cell) => (isNumber(cell) ? String(cell) : refuse(type, cell))
    case 'float':
      return (cell) => (isNumber(cell) ? toFloat(cell) : refuse(type, cell))
    case 'instant':
      return (cell) => (isNumber(cell) ? `"${new Date(cell).toISOString()}"` : refuse(type, cell))
    case 'list':
      return listWriter(valueWriter(type.element), type)
    case 'struct': {
      const write = structWriter(type.fields)
      return (cell) => (isStruct(cell) ? write(cell) : refuse(type, cell))
    }
  }
}

function listWriter(write: CellWriter, type: ColumnType): CellWriter {
  return (cell) => {
    if (!isList(cell)) return refuse(type, cell)
    let json = '['
    for (let index = 0; index < cell.length; index += 1) json += (index === 0 ? '' : ',') + write(cell[index])
    return `${json}]`
  }
}

/** `1.0`, not `1`: a column whose first rows are whole must still be read as one of floats. */
export function toFloat(value: number): string {
  const shortest = String(value)
  return Number.isInteger(value) && !shortest.includes('e') ? `${shortest}.0` : shortest
}

export function isStruct(cell: Cell | undefined): cell is Row {
  return typeof cell === 'object' && cell !== null && !Array.isArray(cell)
}

export function isList(cell: Cell | undefined): cell is readonly Cell[] {
  return Array.isArray(cell)
}

function isNumber(cell: Cell | undefined): cell is number {
  return typeof cell === 'number' && Number.isFinite(cell)
}

/** A row that is not of its declared shape is a bug; half a file of such rows would be found by a trainer, much later. */
function refuse(type: ColumnType, cell: Cell | undefined): never {
  throw new Error(`a column of kind ${type.kind} cannot hold ${JSON.stringify(cell)?.slice(0, 80) ?? 'nothing'}`)
}
