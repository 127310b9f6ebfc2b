import type { Side } from '../../../contract/outcome.ts'
import type { Column, Row } from '../columns.ts'
import type { ConversationText } from '../conversation-text.ts'
import type { ExportQuery } from '../export-query.ts'
import type { Unit } from '../unit.ts'

/** A layout whose rows come from one unit each. */
export interface UnitFormat {
  columns(query: ExportQuery): readonly Column[]
  /** Both models must have seen the same before their last answer. */
  readonly needsSharedHistory: boolean
  /** False when this layout has no place for a conversation of this form. */
  fits(conversation: ConversationText, query: ExportQuery): boolean
  /** None when the filter asks for rows of models that give none here. */
  toGroups(judged: JudgedUnit, query: ExportQuery): RowGroup[]
}

/** A unit that may become rows: its outcome is wanted and its texts are there, masked when they are to be. */
export interface JudgedUnit {
  readonly unit: Unit
  readonly conversation: ConversationText
}

/** Rows that are written or dropped together. */
export interface RowGroup {
  /** Hash of the row text: what makes a group a repetition of an earlier one. */
  readonly key: string
  /** The answers among the texts; equal ones to nearly equal prompts make a near-duplicate. */
  readonly answers: readonly string[]
  readonly rows: readonly ShapedRow[]
}

export interface ShapedRow {
  readonly row: Row
  /** The models whose answers are in the row. */
  readonly models: readonly string[]
  /** Written 64 units later, so that no batch of a trainer holds it beside its sibling. */
  readonly isLate: boolean
}

/** Which side is put above which. Both ways round where the votes say neither. */
export interface Preference {
  readonly chosen: Side
  readonly rejected: Side
  readonly isDecided: boolean
}

export function preferencesOf({ outcome }: Unit): Preference[] {
  if (outcome === 'a' || outcome === 'b') {
    return [{ chosen: outcome, rejected: outcome === 'a' ? 'b' : 'a', isDecided: true }]
  }
  return [
    { chosen: 'a', rejected: 'b', isDecided: false },
    { chosen: 'b', rejected: 'a', isDecided: false },
  ]
}

/** Formats with rows about one model keep only the rows of the models asked for. */
export function isWantedModel({ filter }: ExportQuery, name: string): boolean {
  return filter.models.length === 0 || filter.models.includes(name)
}
