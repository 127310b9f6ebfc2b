import { valueAt, type BoundFields } from './column-map.ts'
import type { Shape, SourceRecord } from '../tabular/source-record.ts'
import { describeValue, Refusal } from './refusal.ts'

/** The fields of one record, read as what they should be. What is not is refused by name. */
export class RecordFields {
  readonly #bound: BoundFields
  readonly #shape: Shape
  readonly #values: readonly unknown[]

  constructor(bound: BoundFields, { shape, values }: Pick<SourceRecord, 'shape' | 'values'>) {
    this.#bound = bound
    this.#shape = shape
    this.#values = values
  }

  /** The columns as the record names them. */
  get columns(): readonly string[] {
    return this.#shape.columns
  }

  /** The value of a column by its own name. */
  column(name: string): unknown {
    return this.#values[this.columns.indexOf(name)] ?? undefined
  }

  /** True when there is such a field, even if there is nothing in it. */
  isColumn(name: string): boolean {
    return this.#bound.has(name)
  }

  /** As it stands there; undefined for nothing and null. */
  value(name: string): unknown {
    return valueAt(this.#bound.get(name), this.#values) ?? undefined
  }

  has(name: string): boolean {
    return this.value(name) !== undefined
  }

  /** Some text, which may be empty. Numbers and truth values become their JSON text. */
  text(name: string): string {
    const value = this.value(name)
    if (value === undefined) throw new Refusal('missing_field', name, 'expected text, got nothing')
    return toText(value, name)
  }

  optionalText(name: string): string | null {
    const value = this.value(name)
    return value === undefined ? null : toText(value, name)
  }

  /** A name: text with something in it. */
  name(name: string): string {
    const text = this.text(name)
    if (text.trim() === '') throw new Refusal('missing_field', name, 'expected a name, got an empty text')
    return text
  }

  /** `true`, `1` and the like; null for nothing. */
  flag(name: string): boolean | null {
    const value = this.value(name)
    if (value === undefined) return null
    const flag = FLAGS.get(typeof value === 'string' ? value.toLowerCase() : value)
    if (flag !== undefined) return flag
    throw new Refusal('bad_value', name, `expected true or false, got ${describeValue(value)}`)
  }

  /** A number that is not below the least one; null for nothing. */
  number(name: string, least: number): number | null {
    const value = this.value(name)
    if (value === undefined) return null
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
    if (typeof number === 'number' && Number.isFinite(number) && number >= least) return number
    throw new Refusal('bad_value', name, `expected a number from ${least}, got ${describeValue(value)}`)
  }

  whole(name: string, least: number): number | null {
    const number = this.number(name, least)
    if (number === null || Number.isSafeInteger(number)) return number
    throw new Refusal('bad_value', name, `expected a whole number, got ${number}`)
  }
}

const FLAGS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  [true, true],
  [1, true],
  ['true', true],
  ['1', true],
  [false, false],
  [0, false],
  ['false', false],
  ['0', false],
])

export function toText(value: unknown, name: string): string {
  if (typeof value === 'string') return checkText(value, name)
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value)
  if (value instanceof Uint8Array) throw new Refusal('bad_encoding', name, 'expected UTF-8, got other bytes')
  throw new Refusal('bad_value', name, `expected text, got ${describeValue(value)}`)
}

/** Refuses what no store can keep as it is. Nothing else about a text is ever changed or refused. */
export function checkText(text: string, name: string): string {
  if (text.includes('\0')) throw new Refusal('nul_character', name, 'expected text without U+0000, got one with it')
  if (!text.isWellFormed()) {
    throw new Refusal('lone_surrogate', name, 'expected whole characters, got half of a surrogate pair')
  }
  return text
}
