import type { ConversationMetadata } from '../../db/store.ts'
import { ownValue } from './messages.ts'
import type { RecordFields } from './record-fields.ts'
import { describeValue, Refusal } from './refusal.ts'

const FIELD = 'conv_metadata'

/** Style counts in the public arena layout. Some sets give one number where others tell kinds apart: it counts as the first. */
export function readStyle(fields: RecordFields): ConversationMetadata | null {
  const told = fields.value(FIELD)
  if (told === undefined) return null
  const value = typeof told === 'string' ? parse(told) : told
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal('bad_value', FIELD, `expected an object of counts, got ${describeValue(value)}`)
  }
  return {
    sum_user_tokens: count(value, 'sum_user_tokens'),
    turns: count(value, 'turns'),
    sum_assistant_a_tokens: count(value, 'sum_assistant_a_tokens'),
    sum_assistant_b_tokens: count(value, 'sum_assistant_b_tokens'),
    context_a_tokens: count(value, 'context_a_tokens'),
    context_b_tokens: count(value, 'context_b_tokens'),
    header_count_a: headers(value, 'header_count_a'),
    header_count_b: headers(value, 'header_count_b'),
    list_count_a: lists(value, 'list_count_a'),
    list_count_b: lists(value, 'list_count_b'),
    bold_count_a: bold(value, 'bold_count_a'),
    bold_count_b: bold(value, 'bold_count_b'),
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('bad_value', FIELD, `expected an object as JSON, got ${describeValue(text)}`)
  }
}

function headers(style: object, name: string) {
  const of = counter(style, name)
  return { h1: of('h1', true), h2: of('h2'), h3: of('h3'), h4: of('h4'), h5: of('h5'), h6: of('h6') }
}

function lists(style: object, name: string) {
  const of = counter(style, name)
  return { ordered: of('ordered'), unordered: of('unordered', true) }
}

function bold(style: object, name: string) {
  const of = counter(style, name)
  return { '**': of('**', true), __: of('__') }
}

/** Counts of kinds; a plain number is all of them together, put where `isMain` is. */
function counter(style: object, name: string): (kind: string, isMain?: boolean) => number {
  const value = ownValue(style, name)
  if (typeof value === 'object' && value !== null) return (kind) => count(value, kind)
  const total = count(style, name)
  return (_kind, isMain = false) => (isMain ? total : 0)
}

function count(value: object, name: string): number {
  const number = ownValue(value, name) ?? 0
  if (typeof number === 'number' && Number.isFinite(number) && number >= 0) return number
  throw new Refusal('bad_value', FIELD, `expected a count as ${name}, got ${describeValue(number)}`)
}
