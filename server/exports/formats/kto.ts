import type { Side } from '../../../contract/outcome.ts'
import { BOOLEAN, column, MESSAGES, STRING, type Row } from '../columns.ts'
import { isPlain } from '../conversation-text.ts'
import type { ExportQuery } from '../export-query.ts'
import { answerMessage, lastAnswer, lastPrompt, promptMessages } from '../messages.ts'
import { SIDE_META, sideMeta } from '../meta.ts'
import { rowKey } from '../row-key.ts'
import { contextTexts, pairTexts } from './pair-layout.ts'
import { isWantedModel, preferencesOf, type JudgedUnit, type UnitFormat } from './unit-format.ts'

/** Unpaired answers with a thumb. The two rows of a unit are one group: dropping one alone would unbalance the labels. */
export const kto: UnitFormat = {
  needsSharedHistory: false,
  fits: (conversation, { text }) => !text || isPlain(conversation),
  columns: ({ text }) => {
    const type = text ? STRING : MESSAGES
    return [column('prompt', type), column('completion', type), column('label', BOOLEAN), SIDE_META]
  },
  toGroups: (judged, query) => {
    const { unit, conversation } = judged
    const [preference] = preferencesOf(unit)
    if (preference === undefined) return []
    const { chosen, rejected, isDecided } = preference
    const sides = [
      { side: chosen, label: isDecided || unit.outcome === 'tie', isLate: false },
      { side: rejected, label: !isDecided && unit.outcome === 'tie', isLate: true },
    ].filter(({ side }) => isWantedModel(query, unit.battle.models[side]))
    if (sides.length === 0) return []
    const rows = sides.map(({ side, label, isLate }) => ({
      row: toRow(judged, side, label, query),
      models: [unit.battle.models[side]],
      isLate,
    }))
    return [{ key: rowKey(pairTexts(conversation, preference)), answers: answersOf(judged, chosen, rejected), rows }]
  },
}

function answersOf({ conversation }: JudgedUnit, ...sides: Side[]): string[] {
  return sides.map((side) => lastAnswer(conversation, side))
}

function toRow({ unit, conversation }: JudgedUnit, side: Side, label: boolean, { text }: ExportQuery): Row {
  const answer = lastAnswer(conversation, side)
  const key = rowKey([...contextTexts(conversation, side), answer, String(label)])
  return {
    prompt: text ? lastPrompt(conversation) : promptMessages(conversation, side),
    completion: text ? answer : [answerMessage(conversation, side)],
    label,
    meta: sideMeta(unit, key, side),
  }
}
