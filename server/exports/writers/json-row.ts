import type { Cell, Column, ColumnType, Row } from '../columns.ts'
import { JsonBytes } from './json-bytes.ts'

/** Builds the function that writes rows of a shape as JSON, with the keys in the order of the columns. */
export function jsonWriter(columns: readonly Column[]): (row: Row, json: JsonBytes) => void {
  const fields = columns.map(({ name, type, isNullable }, index) => ({
    name,
    key: `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`,
    write: cellWriter(type, isNullable ?? false),
  }))
  return (row, json) => {
    for (const { name, key, write } of fields) {
      json.add(key)
      write(row[name], json)
    }
    json.add('}')
  }
}

/** The same as a string, for few rows. */
export function jsonText(columns: readonly Column[]): (row: Row) => string {
  const write = jsonWriter(columns)
  return (row) => {
    const json = new JsonBytes()
    write(row, json)
    return json.toString()
  }
}

type CellWriter = (cell: Cell | undefined, json: JsonBytes) => void

function cellWriter(type: ColumnType, isNullable: boolean): CellWriter {
  const write = valueWriter(type)
  return isNullable ? (cell, json) => (cell === null ? json.add('null') : write(cell, json)) : write
}

function valueWriter(type: ColumnType): CellWriter {
  switch (type.kind) {
    case 'string':
      return (cell, json) => (typeof cell === 'string' ? json.addText(cell) : refuse(type, cell))
    case 'boolean':
      return (cell, json) => (typeof cell === 'boolean' ? json.add(String(cell)) : refuse(type, cell))
    case 'int':
    case 'double':
      return (cell, json) => (isNumber(cell) ? json.add(String(cell)) : refuse(type, cell))
    case 'float':
      return (cell, json) => (isNumber(cell) ? json.add(toFloat(cell)) : refuse(type, cell))
    case 'instant':
      return (cell, json) => (isNumber(cell) ? json.add(`"${new Date(cell).toISOString()}"`) : refuse(type, cell))
    case 'list':
      return listWriter(valueWriter(type.element), type)
    case 'struct': {
      const write = jsonWriter(type.fields)
      return (cell, json) => (isStruct(cell) ? write(cell, json) : refuse(type, cell))
    }
  }
}

function listWriter(write: CellWriter, type: ColumnType): CellWriter {
  return (cell, json) => {
    if (!isList(cell)) return refuse(type, cell)
    json.add('[')
    for (let index = 0; index < cell.length; index += 1) {
      if (index > 0) json.add(',')
      write(cell[index], json)
    }
    json.add(']')
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
