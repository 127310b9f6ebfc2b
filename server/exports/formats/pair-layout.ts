import type { Column, Row } from '../columns.ts'
import type { ConversationText } from '../conversation-text.ts'
import type { ExportQuery } from '../export-query.ts'
import { lastAnswer } from '../messages.ts'
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

function toGroup({ unit, conversation }: JudgedUnit, preference: Preference, toRow: (pair: Pair) => Row): RowGroup {
  const { chosen, rejected, isDecided } = preference
  const key = rowKey(pairTexts(conversation, preference))
  const { models } = unit.battle
  return {
    key,
    answers: [lastAnswer(conversation, chosen), lastAnswer(conversation, rejected)],
    rows: [
      {
        row: toRow({ unit, conversation, chosen, rejected, isDecided, key }),
        models: [models.a, models.b],
        isLate: false,
      },
    ],
  }
}

/** Prompt, chosen, rejected. Where the histories differ each side brings its own. */
export function pairTexts(conversation: ConversationText, { chosen, rejected }: Preference): string[] {
  const texts = contextTexts(conversation, chosen)
  texts.push(lastAnswer(conversation, chosen))
  if (conversation.turns.length > 1) texts.push(...contextTexts(conversation, rejected))
  texts.push(lastAnswer(conversation, rejected))
  return texts
}

/** What stands before the last answer of a side, in order. */
export function contextTexts({ system, turns }: ConversationText, side: 'a' | 'b'): string[] {
  const texts = system === '' ? [] : [system]
  turns.forEach(({ prompt, answers }, index) => {
    texts.push(prompt)
    if (index < turns.length - 1) texts.push(answers[side])
  })
  return texts
}
