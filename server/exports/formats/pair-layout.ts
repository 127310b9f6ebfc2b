import type { Column, Row } from '../columns.ts'
import type { ConversationText } from '../conversation-text.ts'
import type { ExportQuery } from '../export-query.ts'
import { lastAnswer, promptMessages } from '../messages.ts'
import { rowKey } from '../row-key.ts'
import { preferencesOf, type JudgedUnit, type Preference, type RowGroup, type UnitFormat } from './unit-format.ts'

/** A pair as a layout sees it. */
export interface Pair extends JudgedUnit, Preference {
  readonly key: string
}

interface PairLayout {
  columns(query: ExportQuery): readonly Column[]
  readonly needsSharedHistory: boolean
  fits(conversation: ConversationText, query: ExportQuery): boolean
  toRow(pair: Pair, query: ExportQuery): Row
}

/** A format that writes one row for each preference; only the layout of the row differs. */
export function pairFormat({ columns, needsSharedHistory, fits, toRow }: PairLayout): UnitFormat {
  return {
    columns,
    needsSharedHistory,
    fits,
    toGroups: (judged, query) =>
      preferencesOf(judged.unit).map((preference) => toGroup(judged, preference, (pair) => toRow(pair, query))),
  }
}

function toGroup(judged: JudgedUnit, preference: Preference, toRow: (pair: Pair) => Row): RowGroup {
  const key = rowKey(pairTexts(judged.conversation, preference))
  const { models } = judged.unit.battle
  return {
    key,
    answers: [lastAnswer(judged.conversation, preference.chosen), lastAnswer(judged.conversation, preference.rejected)],
    rows: [{ row: toRow({ ...judged, ...preference, key }), models: [models.a, models.b], isLate: false }],
  }
}

/** Prompt, chosen, rejected. Where the histories differ each side brings its own. */
export function pairTexts(conversation: ConversationText, { chosen, rejected }: Preference): string[] {
  return [
    ...contextTexts(conversation, chosen),
    lastAnswer(conversation, chosen),
    ...(conversation.turns.length > 1 ? contextTexts(conversation, rejected) : []),
    lastAnswer(conversation, rejected),
  ]
}

export function contextTexts(conversation: ConversationText, side: 'a' | 'b'): string[] {
  return promptMessages(conversation, side).map(({ content }) => content)
}
