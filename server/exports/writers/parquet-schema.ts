import type { SchemaElement } from 'hyparquet'
import type { Column, ColumnType } from '../columns.ts'

type Repetition = 'REQUIRED' | 'OPTIONAL' | 'REPEATED'

/** The schema tree of a shape, flattened depth first as the format stores it. Lists have three levels. */
export function toParquetSchema(columns: readonly Column[]): SchemaElement[] {
  return [{ name: 'root', num_children: columns.length }, ...columns.flatMap(toElements)]
}

function toElements({ name, type, isNullable }: Column): SchemaElement[] {
  return elementsOf(name, type, isNullable ? 'OPTIONAL' : 'REQUIRED')
}

function elementsOf(name: string, type: ColumnType, repetition: Repetition): SchemaElement[] {
  const base = { name, repetition_type: repetition }
  switch (type.kind) {
    case 'string':
      return [{ ...base, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } }]
    case 'int':
      return [{ ...base, type: 'INT32' }]
    case 'float':
    case 'double':
      return [{ ...base, type: 'DOUBLE' }]
    case 'boolean':
      return [{ ...base, type: 'BOOLEAN' }]
    case 'instant':
      return [
        {
          ...base,
          type: 'INT64',
          converted_type: 'TIMESTAMP_MILLIS',
          logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
        },
      ]
    case 'list':
      return [
        { ...base, num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        ...elementsOf('element', type.element, 'REQUIRED'),
      ]
    case 'struct':
      return [{ ...base, num_children: type.fields.length }, ...type.fields.flatMap(toElements)]
  }
}
