import { valueAt, type BoundFields } from './column-map.ts'
import { describeValue, Refusal } from './refusal.ts'

/** The fields of one record, read as what they should be. What is not is refused by name. */
export class RecordFields {
  readonly #bound: BoundFields
  readonly #values: readonly unknown[]

  constructor(bound: BoundFields, values: readonly unknown[]) {
    this.#bound = bound
    this.#values = values
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
}

export function toText(value: unknown, name: string): string {
  if (typeof value === 'string') return checkText(value, name)
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value)
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
