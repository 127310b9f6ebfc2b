import type { FieldSpec } from './column-map.ts'
import type { ImportedFact } from './imported-facts.ts'
import type { RecordFields } from './record-fields.ts'
import type { SkipReason } from './refusal.ts'

/** What the reading of a record may depend on beside the record. */
export interface ReadingContext {
  readonly source: string
  /** What a first reading of the file has brought together, where the kind needs one. */
  readonly gathering: unknown
  /** True when the operator said where this field is. */
  isChosen(field: string): boolean
}

/** What a record comes to: facts, or a reason why it is none although nothing is wrong with it. */
export type Understood = readonly ImportedFact[] | SkipReason

/** One of the layouts that can be imported. */
export interface ImportKind {
  readonly name: string
  readonly fields: readonly FieldSpec[]
  /** A file of plain lines is read as this field. */
  readonly linesAs?: string
  /** Votes tell where they were cast from, which is hashed before it is stored. */
  readonly hasAddresses?: true
  /** Begins what is brought together in a first reading of each file, before any of its records can be understood. */
  newGathering?(): unknown
  gather?(fields: RecordFields, gathering: unknown): void
  /** Refuses, by throwing, what is not such a record. */
  read(fields: RecordFields, context: ReadingContext): Understood
  /**
   * True for records that describe this kind, from the columns of one of them. Several kinds may claim a record; the
   * operator is asked then.
   */
  claims(columns: ReadonlySet<string>): boolean
}
