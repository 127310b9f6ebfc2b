import type { Shape } from '../tabular/source-record.ts'

/** A field that a kind of record has. The first alias that a record knows is taken. */
export interface FieldSpec {
  readonly name: string
  readonly aliases: readonly string[]
  readonly isRequired: boolean
  /** Another field that can stand in its place. */
  readonly orElse?: string
}

export function field(name: string, ...aliases: string[]): FieldSpec {
  return { name, aliases: [name, ...aliases], isRequired: false }
}

export function required(name: string, ...aliases: string[]): FieldSpec {
  return { name, aliases: [name, ...aliases], isRequired: true }
}

/** Where a field is taken from: a column, a place inside one, or the same text for every record. */
type Place = { readonly column: number; readonly path: readonly string[] } | { readonly constant: string }

/** Fields of one shape, by name; those that no column has are absent. */
export type BoundFields = ReadonlyMap<string, Place>

/** Names are compared without what people write differently. */
export function normaliseName(name: string): string {
  return name.toLowerCase().replace(/[_\-. ]/g, '')
}

/** Finds the fields of a kind in the columns of records, by alias or as the operator says. */
export class ColumnMap {
  readonly specs: readonly FieldSpec[]
  readonly #chosen: ReadonlyMap<string, string>
  readonly #bound = new WeakMap<Shape, BoundFields>()

  /** @param chosen column, dotted path or `=text` by field, as `--map` gives them */
  constructor(specs: readonly FieldSpec[], chosen: ReadonlyMap<string, string>) {
    this.specs = specs
    this.#chosen = chosen
  }

  /** True when the operator said where this field is. */
  isChosen(name: string): boolean {
    return this.#chosen.has(name)
  }

  /** The columns that hold any field at all. */
  columnsOf(shape: Shape): string[] {
    const places = [...this.bind(shape).values()]
    return places.flatMap((place) => ('column' in place ? (shape.columns[place.column] ?? []) : []))
  }

  /** A field that every record needs and that no column holds. */
  findMissing(shape: Shape): FieldSpec | undefined {
    const bound = this.bind(shape)
    return this.specs.find(
      ({ name, isRequired, orElse }) => isRequired && !bound.has(name) && (orElse === undefined || !bound.has(orElse)),
    )
  }

  bind(shape: Shape): BoundFields {
    const known = this.#bound.get(shape)
    if (known) return known
    const bound = this.#bind(shape)
    this.#bound.set(shape, bound)
    return bound
  }

  #bind({ columns }: Shape): BoundFields {
    const exact = new Map(columns.map((name, index) => [name, index]))
    const normalised = new Map<string, number>()
    for (const [index, name] of columns.entries()) {
      const key = normaliseName(name)
      if (!normalised.has(key)) normalised.set(key, index)
    }
    const places = new Map<string, Place>()
    for (const { name, aliases } of this.specs) {
      const chosen = this.#chosen.get(name)
      const place = chosen === undefined ? findAlias(aliases, normalised) : findChosen(chosen, exact)
      if (place) places.set(name, place)
    }
    return places
  }
}

function findAlias(aliases: readonly string[], columns: ReadonlyMap<string, number>): Place | undefined {
  for (const alias of aliases) {
    const column = columns.get(normaliseName(alias))
    if (column !== undefined) return { column, path: [] }
  }
  return undefined
}

function findChosen(chosen: string, columns: ReadonlyMap<string, number>): Place | undefined {
  if (chosen.startsWith('=')) return { constant: chosen.slice(1) }
  const column = columns.get(chosen)
  if (column !== undefined) return { column, path: [] }
  const parts = chosen.split('.')
  for (let length = parts.length - 1; length > 0; length -= 1) {
    const start = columns.get(parts.slice(0, length).join('.'))
    if (start !== undefined) return { column: start, path: parts.slice(length) }
  }
  return undefined
}

/** The value at a place; undefined where there is none. Names from data are never looked up in prototypes. */
export function valueAt(place: Place | undefined, values: readonly unknown[]): unknown {
  if (place === undefined) return undefined
  if ('constant' in place) return place.constant
  let value = values[place.column]
  for (const step of place.path) {
    const inside = typeof value === 'string' ? parseOrNothing(value) : value
    if (typeof inside !== 'object' || inside === null || !Object.hasOwn(inside, step)) return undefined
    value = Object.getOwnPropertyDescriptor(inside, step)?.value
  }
  return value ?? undefined
}

/** A table holds lists and objects as JSON in a cell. */
function parseOrNothing(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
