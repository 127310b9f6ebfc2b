import { hash } from 'node:crypto'
import { column, FLOAT, MESSAGES, STRING } from '../columns.ts'
import { lastPrompt, wholeConversation } from '../messages.ts'
import { pairMeta, PAIR_META } from '../meta.ts'
import { scoreOf } from '../unit.ts'
import { pairFormat } from './pair-layout.ts'

/** The columns of UltraFeedback-binarized; the scores are shares of points in the battle, not a rater's marks. */
export const ultrafeedback = pairFormat({
  needsSharedHistory: true,
  fits: () => true,
  columns: () => [
    column('prompt', STRING),
    column('prompt_id', STRING),
    column('chosen', MESSAGES),
    column('rejected', MESSAGES),
    column('messages', MESSAGES),
    column('score_chosen', FLOAT),
    column('score_rejected', FLOAT),
    PAIR_META,
  ],
  toRow: ({ unit, conversation, chosen, rejected, isDecided, key }) => {
    const prompt = lastPrompt(conversation)
    const best = wholeConversation(conversation, chosen)
    return {
      prompt,
      prompt_id: hash('sha256', prompt),
      chosen: best,
      rejected: wholeConversation(conversation, rejected),
      messages: best,
      score_chosen: scoreOf(unit, chosen),
      score_rejected: scoreOf(unit, rejected),
      meta: pairMeta(unit, key, { chosen, rejected, isDecided }),
    }
  },
})
