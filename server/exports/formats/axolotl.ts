import { column, MESSAGE, MESSAGES, STRING } from '../columns.ts'
import { answerMessage, lastAnswer, lastPrompt, promptMessages } from '../messages.ts'
import { pairMeta, PAIR_META } from '../meta.ts'
import { pairFormat } from './pair-layout.ts'

/** `chat_template.default`; for plain text `chatml.intel`, which has a system prompt but a single turn. */
export const axolotl = pairFormat({
  needsSharedHistory: true,
  fits: ({ turns }, { text }) => !text || turns.length === 1,
  columns: ({ text }) =>
    text
      ? [
          column('system', STRING),
          column('question', STRING),
          column('chosen', STRING),
          column('rejected', STRING),
          PAIR_META,
        ]
      : [column('messages', MESSAGES), column('chosen', MESSAGE), column('rejected', MESSAGE), PAIR_META],
  toRow: ({ unit, conversation, chosen, rejected, isDecided, key }, { text }) => {
    const meta = pairMeta(unit, key, { chosen, rejected, isDecided })
    if (!text) {
      return {
        messages: promptMessages(conversation, chosen),
        chosen: answerMessage(conversation, chosen),
        rejected: answerMessage(conversation, rejected),
        meta,
      }
    }
    return {
      system: conversation.system,
      question: lastPrompt(conversation),
      chosen: lastAnswer(conversation, chosen),
      rejected: lastAnswer(conversation, rejected),
      meta,
    }
  },
})
