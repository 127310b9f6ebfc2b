import { column, MESSAGES, STRING } from '../columns.ts'
import { isPlain } from '../conversation-text.ts'
import { answerMessage, lastAnswer, lastPrompt, promptMessages, wholeConversation } from '../messages.ts'
import { pairMeta, PAIR_META } from '../meta.ts'
import { pairFormat, type Pair } from './pair-layout.ts'

/** TRL's preference layout; without `prompt` it stands at the head of both answers. */
export const dpo = pairFormat({
  needsSharedHistory: true,
  fits: (conversation, { text }) => !text || isPlain(conversation),
  columns: ({ text, implicitPrompt }) => {
    const type = text ? STRING : MESSAGES
    const answers = [column('chosen', type), column('rejected', type), PAIR_META]
    return implicitPrompt ? answers : [column('prompt', type), ...answers]
  },
  toRow: (pair, { text, implicitPrompt }) => {
    const { conversation, chosen, rejected } = pair
    const meta = pairMeta(pair.unit, pair.key, pair)
    if (implicitPrompt) return { ...withImplicitPrompt(pair, text), meta }
    if (text) {
      return {
        prompt: lastPrompt(conversation),
        chosen: lastAnswer(conversation, chosen),
        rejected: lastAnswer(conversation, rejected),
        meta,
      }
    }
    return {
      prompt: promptMessages(conversation, chosen),
      chosen: [answerMessage(conversation, chosen)],
      rejected: [answerMessage(conversation, rejected)],
      meta,
    }
  },
})

/** Strings are joined by an empty line: a trainer puts nothing between prompt and answer, so it must be in the data. */
export function withImplicitPrompt({ conversation, chosen, rejected }: Pair, text: boolean) {
  const join = (side: 'a' | 'b') => `${lastPrompt(conversation)}\n\n${lastAnswer(conversation, side)}`
  if (text) return { chosen: join(chosen), rejected: join(rejected) }
  return { chosen: wholeConversation(conversation, chosen), rejected: wholeConversation(conversation, rejected) }
}
