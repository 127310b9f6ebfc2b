import type { NameTable } from './name-table.ts'
import type { RowCells } from './row-cells.ts'

/** A row of values that some other reader has made. */
export class ValueCells implements RowCells {
  line = 0
  values: ArrayLike<unknown> = []

  isNull(column: number): boolean {
    const value = this.values[column]
    return value === undefined || value === null || value === ''
  }

  nameIn(table: NameTable, column: number): number {
    return table.addText(this.textOf(column))
  }

  textOf(column: number): string {
    const value = this.values[column]
    if (typeof value === 'string') return value
    if (typeof value === 'object' && value !== null) return JSON.stringify(value)
    return String(value)
  }

  numberOf(column: number): number {
    const value = this.values[column]
    if (typeof value === 'number') return value
    if (typeof value === 'bigint') return Number(value)
    if (typeof value === 'string' && value.trim() !== '') return Number(value)
    return Number.NaN
  }

  valueOf(column: number): unknown {
    return this.values[column]
  }
}
