import type { Side } from '../../../contract/outcome.ts'
import { column, MESSAGES, STRING } from '../columns.ts'
import { isPlain } from '../conversation-text.ts'
import { lastAnswer, lastPrompt, wholeConversation } from '../messages.ts'
import { SIDE_META, sideMeta } from '../meta.ts'
import { rowKey } from '../row-key.ts'
import { contextTexts } from './pair-layout.ts'
import { isWantedModel, preferencesOf, type UnitFormat } from './unit-format.ts'

/** The better answer with its own conversation; of a tie, both. */
export const sft: UnitFormat = {
  needsSharedHistory: false,
  fits: (conversation, { text }) => !text || isPlain(conversation),
  columns: ({ text }) =>
    text
      ? [column('prompt', STRING), column('completion', STRING), SIDE_META]
      : [column('messages', MESSAGES), SIDE_META],
  toGroups: ({ unit, conversation }, query) => {
    const toGroup = (side: Side) => {
      const answer = lastAnswer(conversation, side)
      const key = rowKey([...contextTexts(conversation, side), answer])
      const texts = query.text
        ? { prompt: lastPrompt(conversation), completion: answer }
        : { messages: wholeConversation(conversation, side) }
      const row = { ...texts, meta: sideMeta(unit, key, side) }
      return { key, answers: [answer], rows: [{ row, models: [unit.battle.models[side]], isLate: false }] }
    }
    return preferencesOf(unit)
      .map(({ chosen }) => chosen)
      .filter((side) => isWantedModel(query, unit.battle.models[side]))
      .map(toGroup)
  },
}
