import type { FieldSpec } from './column-map.ts'
import type { RecordFields } from './record-fields.ts'
import type { SkipReason } from './refusal.ts'

/** What a record says, in the words of the arena. */
export type ImportedFact = AnswerFact

/** An answer that a model gave to a prompt. */
export interface AnswerFact {
  readonly fact: 'answer'
  readonly prompt: string
  readonly model: string
  readonly response: string
  /** Null when the record does not say. */
  readonly language: string | null
  readonly categories: readonly string[] | null
}

/** One of the layouts that can be imported. */
export interface ImportKind {
  readonly name: string
  readonly fields: readonly FieldSpec[]
  /** Refuses, by throwing, what is not such a record. */
  read(fields: RecordFields): ImportedFact | SkipReason
}
