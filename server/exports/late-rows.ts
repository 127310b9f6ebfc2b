import type { Row } from './columns.ts'
import type { ShapedRow } from './formats/unit-format.ts'

/** Larger than the batches that people train with: two rows of one prompt side by side spoil KTO's reference term. */
const UNITS_BETWEEN = 64

/** The order of the rows of one file: what is marked late comes 64 units after its siblings, the rest at the end. */
export class LateRows {
  #units = 0
  readonly #waiting: { readonly due: number; readonly rows: readonly ShapedRow[] }[] = []

  /** @returns the rows to write now */
  takeUnit(rows: readonly ShapedRow[]): ShapedRow[] {
    const late = rows.filter(({ isLate }) => isLate)
    if (late.length > 0) this.#waiting.push({ due: this.#units + UNITS_BETWEEN, rows: late })
    const now = rows.filter(({ isLate }) => !isLate)
    while ((this.#waiting[0]?.due ?? Number.POSITIVE_INFINITY) <= this.#units) {
      now.push(...(this.#waiting.shift()?.rows ?? []))
    }
    this.#units += 1
    return now
  }

  takeRest(): ShapedRow[] {
    return this.#waiting.splice(0).flatMap(({ rows }) => rows)
  }
}

/** A row and the file it belongs to. */
export interface RoutedRow {
  readonly split: string
  readonly row: Row
}
