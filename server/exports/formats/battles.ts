import { column, INSTANT, INT, listOf, MESSAGES, nullable, STRING, structOf, type Row } from '../columns.ts'
import type { ConversationText } from '../conversation-text.ts'
import { lastAnswer, lastPrompt, wholeConversation } from '../messages.ts'
import { isCounted, type Unit } from '../unit.ts'
import { toIsoLanguage, toWinner } from './votes.ts'

const VOTE = structOf(
  nullable('judge', STRING),
  column('winner', STRING),
  column('timestamp', INSTANT),
  nullable('strength', INT),
)

/** One row a battle, in the layout that `ringside import battles` reads. */
export const BATTLE_COLUMNS = [
  column('id', STRING),
  column('categories', listOf(STRING)),
  nullable('language', STRING),
  nullable('system', STRING),
  column('prompt', STRING),
  column('model_a', STRING),
  column('response_a', STRING),
  column('model_b', STRING),
  column('response_b', STRING),
  nullable('conversation_a', MESSAGES),
  nullable('conversation_b', MESSAGES),
  column('votes', listOf(VOTE)),
  nullable('winner', STRING),
]

/**
 * A battle as it was judged last. Only votes that count are listed: the layout has no word for marks, so any other would
 * count wherever the file is imported.
 */
export function toBattleRow({ battle, votes }: Unit, conversation: ConversationText): Row {
  const isLong = conversation.turns.length > 1
  return {
    id: battle.id,
    categories: battle.categories.toSorted(),
    language: toIsoLanguage(battle.language),
    system: conversation.system === '' ? null : conversation.system,
    prompt: lastPrompt(conversation),
    model_a: battle.models.a,
    response_a: lastAnswer(conversation, 'a'),
    model_b: battle.models.b,
    response_b: lastAnswer(conversation, 'b'),
    conversation_a: isLong ? wholeConversation(conversation, 'a') : null,
    conversation_b: isLong ? wholeConversation(conversation, 'b') : null,
    votes: votes.filter(isCounted).map(({ judge, outcome, at, strength }) => ({
      judge,
      winner: toWinner(outcome),
      timestamp: at,
      strength,
    })),
    winner: battle.gold === null ? null : toWinner(battle.gold),
  }
}
