import type { BoldCount, ConversationMetadata, HeaderCount, ListCount } from '../../db/store.ts'
import type { PerSide, Side } from '../../contract/outcome.ts'
import { estimateTokens } from '../categories/token-estimate.ts'
import type { ConversationText } from './conversation-text.ts'

/**
 * Style counts of both sides in the public arena layout, from the text alone. Tokens are estimates: no tokenizer fits all
 * models, and counts told by endpoints would measure each side with another yardstick.
 */
export function describeStyle(conversation: ConversationText): ConversationMetadata {
  const style = { a: describeSide(conversation, 'a'), b: describeSide(conversation, 'b') }
  return {
    sum_user_tokens: sumTokens(conversation.turns.map(({ prompt }) => prompt)),
    turns: conversation.turns.length,
    ...tokenCounts(style),
    header_count_a: style.a.headers,
    header_count_b: style.b.headers,
    list_count_a: style.a.lists,
    list_count_b: style.b.lists,
    bold_count_a: style.a.bold,
    bold_count_b: style.b.bold,
  }
}

interface SideStyle {
  readonly assistantTokens: number
  readonly contextTokens: number
  readonly headers: HeaderCount
  readonly lists: ListCount
  readonly bold: BoldCount
}

function tokenCounts({ a, b }: PerSide<SideStyle>) {
  return {
    sum_assistant_a_tokens: a.assistantTokens,
    sum_assistant_b_tokens: b.assistantTokens,
    context_a_tokens: a.contextTokens,
    context_b_tokens: b.contextTokens,
  }
}

function describeSide({ system, turns }: ConversationText, side: Side): SideStyle {
  const answers = turns.map(({ answers: both }) => both[side])
  const marked = answers.map(withoutCode).join('\n')
  const context = [system, ...turns.map(({ prompt }) => prompt), ...answers.slice(0, -1)]
  return {
    assistantTokens: sumTokens(answers),
    contextTokens: sumTokens(context),
    headers: countHeaders(marked),
    lists: { ordered: count(marked, ORDERED), unordered: count(marked, UNORDERED) },
    bold: { '**': count(marked, STARS), __: count(marked, UNDERSCORES) },
  }
}

const FENCE = /^ {0,3}(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^ {0,3}\1[^\n]*$|(?![\s\S]))/gm
const ORDERED = /^[ \t]*\d{1,9}[.)][ \t]/gm
const UNORDERED = /^[ \t]*[-*+][ \t]/gm
const STARS = /\*\*(?=\S)[^\n*]+\*\*/g
const UNDERSCORES = /__(?=\S)[^\n_]+__/g

/** Marks within code are the code's, not the answer's. */
function withoutCode(text: string): string {
  return text.replace(FENCE, '')
}

function countHeaders(text: string): HeaderCount {
  const ofLevel = (level: number) => count(text, new RegExp(`^ {0,3}#{${level}}[ \\t]+\\S`, 'gm'))
  return { h1: ofLevel(1), h2: ofLevel(2), h3: ofLevel(3), h4: ofLevel(4), h5: ofLevel(5), h6: ofLevel(6) }
}

function count(text: string, mark: RegExp): number {
  return text.match(mark)?.length ?? 0
}

function sumTokens(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + estimateTokens(text), 0)
}
