import { column, MESSAGES, structOf } from '../columns.ts'
import { answerMessage, promptMessages } from '../messages.ts'
import { pairFormat } from './pair-layout.ts'

/** Preference fine-tuning: exactly one message a side, and no further key, for services that refuse what they do not know. */
export const openai = pairFormat({
  needsSharedHistory: true,
  fits: () => true,
  columns: () => [
    column('input', structOf(column('messages', MESSAGES))),
    column('preferred_output', MESSAGES),
    column('non_preferred_output', MESSAGES),
  ],
  toRow: ({ conversation, chosen, rejected }) => ({
    input: { messages: promptMessages(conversation, chosen) },
    preferred_output: [answerMessage(conversation, chosen)],
    non_preferred_output: [answerMessage(conversation, rejected)],
  }),
})
