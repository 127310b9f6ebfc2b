import type { Column, ColumnType } from '../columns.ts'

/** Characters that readers of YAML refuse or take for line ends even within quotes, and halves of pairs. */
const UNPRINTABLE = /[\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]|\p{Cs}/gu

/** Any text as a double-quoted scalar. What JSON escapes YAML reads the same way. */
export function quoteYaml(text: string): string {
  return JSON.stringify(text).replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** The types of the columns as `datasets` states them, so that no loader has to guess. */
export function featureLines(columns: readonly Column[], instants: 'string' | 'timestamp', indent = ''): string[] {
  return columns.flatMap(({ name, type }) => namedLines(quoteName(name), type, instants, indent))
}

function namedLines(name: string, type: ColumnType, instants: 'string' | 'timestamp', indent: string): string[] {
  return [`${indent}- name: ${name}`, ...typeLines(type, instants, `${indent}  `)]
}

function typeLines(type: ColumnType, instants: 'string' | 'timestamp', indent: string): string[] {
  switch (type.kind) {
    case 'list':
      return listLines(type.element, instants, indent)
    case 'struct':
      return [`${indent}struct:`, ...featureLines(type.fields, instants, indent)]
    default:
      return [`${indent}dtype: ${scalarType(type.kind, instants)}`]
  }
}

function listLines(element: ColumnType, instants: 'string' | 'timestamp', indent: string): string[] {
  if (element.kind === 'struct') return [`${indent}list:`, ...featureLines(element.fields, instants, indent)]
  if (element.kind === 'list') return [`${indent}list:`, ...listLines(element.element, instants, `${indent}  `)]
  return [`${indent}list: ${scalarType(element.kind, instants)}`]
}

type ScalarKind = Exclude<ColumnType['kind'], 'list' | 'struct'>

function scalarType(kind: ScalarKind, instants: 'string' | 'timestamp'): string {
  switch (kind) {
    case 'string':
      return 'string'
    case 'int':
      return 'int32'
    case 'float':
    case 'double':
      return 'float64'
    case 'boolean':
      return 'bool'
    case 'instant':
      return instants === 'timestamp' ? 'timestamp[ms, tz=UTC]' : 'string'
  }
}

function quoteName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : quoteYaml(name)
}
