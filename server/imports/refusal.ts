import type { ReadFault } from '../tabular/read-fault.ts'

/** Why a record is set aside, beside what the readers of files find. Scripts read these words. */
export const REFUSAL_REASONS = [
  'bad_encoding',
  'nul_character',
  'lone_surrogate',
  'missing_field',
  'bad_value',
  'bad_winner',
  'bad_timestamp',
  'same_model',
  'empty_prompt',
  'role_order',
  'unsupported_content',
] as const
export type RefusalReason = (typeof REFUSAL_REASONS)[number]

/** A record is well formed but cannot be what it should be. Thrown by what reads its fields, caught once per record. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly reason: RefusalReason
  readonly field: string

  constructor(reason: RefusalReason, field: string, message: string) {
    super(message)
    this.reason = reason
    this.field = field
  }
}

/** A record that nothing is wrong with and that is no judgement all the same. */
export const SKIP_REASONS = ['not_a_vote', 'same_text'] as const
export type SkipReason = (typeof SKIP_REASONS)[number]

/** What is told about a record that was set aside. */
export interface Complaint {
  readonly reason: ReadFault['reason'] | RefusalReason
  readonly field: string
  readonly message: string
}

const SHOWN_CHARS = 60

/** A value as an error line shows it. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  return Array.isArray(value) ? `a list of ${value.length}` : 'an object'
}

function quote(text: string): string {
  const isLong = text.length > SHOWN_CHARS
  return JSON.stringify(isLong ? text.slice(0, SHOWN_CHARS) : text) + (isLong ? '…' : '')
}
