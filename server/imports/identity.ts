import { hash } from 'node:crypto'
import { BattleId, VoteId, type AnswerId, type PromptId, type VoterId } from '../../contract/ids.ts'
import type { Outcome, PerSide } from '../../contract/outcome.ts'
import { IMPORT_KEY_BYTES } from '../../db/store.ts'
import { toMessages, type Conversation } from './conversations.ts'
import type { PromptText } from './imported-facts.ts'

/**
 * What makes two things the same thing: their content. Ids follow from it, so that a file imported twice, in another
 * order, under another name or after a crash changes nothing.
 */

/** Enough of a hash for an id that nobody meets by chance. */
const ID_LENGTH = 22

function digest(parts: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(parts), 'base64url')
}

export function promptKey(arena: string, { text, system, context, ownId }: PromptText): string {
  if (ownId !== null) return digest(['ringside-prompt-id-1', arena, ownId])
  return digest([
    'ringside-prompt-1',
    arena,
    context.length > 0 ? [...context, { role: 'user', content: text }] : text,
    system,
  ])
}

export function promptIdOf(key: string): PromptId {
  return toId<PromptId>(key.slice(0, ID_LENGTH))
}

export function answerKey(prompt: string, model: string, text: string): string {
  return digest(['ringside-answer-1', prompt, model, text])
}

export function answerIdOf(key: string): AnswerId {
  return toId<AnswerId>(key.slice(0, ID_LENGTH))
}

/** Hashes of both sides, each with everything that was said; null when it is not known. */
export function hashConversation(conversation: Conversation | null): PerSide<string | null> {
  if (conversation === null) return { a: null, b: null }
  return { a: hashSide(conversation, 'a'), b: hashSide(conversation, 'b') }
}

function hashSide(conversation: Conversation, side: 'a' | 'b'): string {
  return hash('sha256', JSON.stringify(toMessages(conversation, side)), 'hex')
}

export interface BattleIdentity {
  readonly arena: string
  readonly models: PerSide<string>
  readonly hashes: PerSide<string | null>
  /** Where there is no text. */
  readonly item: string | null
  readonly turn: number
}

export function battleIdOf({ arena, models, hashes, item, turn }: BattleIdentity): BattleId {
  const unit = hashes.a === null ? [item, turn] : [null, null]
  const key = digest(['ringside-battle-1', arena, models.a, models.b, hashes.a, hashes.b, ...unit])
  return toId<BattleId>(key.slice(0, ID_LENGTH))
}

export interface VoteIdentity extends BattleIdentity {
  readonly outcome: Outcome
  readonly judge: string | null
  readonly at: number | null
}

/** What a vote says, as a text with one character per byte. How often it was said before is not part of it. */
export function voteKey(vote: VoteIdentity): string {
  return digestVote(vote).slice(0, IMPORT_KEY_BYTES)
}

/** Texts lie in the heap; millions of small buffers would not. */
export function digestVote({ arena, models, hashes, item, turn, outcome, judge, at }: VoteIdentity): string {
  const unit = hashes.a === null ? item : null
  const parts = ['ringside-vote-1', arena, models.a, models.b, outcome, judge, at, turn, hashes.a, hashes.b, unit]
  return hash('sha256', JSON.stringify(parts), 'binary')
}

/** The same for all votes of one judge, whatever the file. */
export function voterIdOf(judge: string): VoterId {
  return toId<VoterId>(digest(['ringside-judge-1', judge]).slice(0, ID_LENGTH))
}

const INDEX_LENGTH = 4

/** An id for the nth new vote of a batch: those of one batch lie side by side, which is where an index likes them. */
export function nthVoteId(prefix: string, index: number): VoteId {
  return toId<VoteId>(prefix + index.toString(36).padStart(INDEX_LENGTH, '0'))
}

/** The voter of a vote of which nobody knows who cast it, and the battle of which nothing is known but the vote. */
export function voterOf(vote: VoteId): VoterId {
  return toId<VoterId>(vote)
}

export function battleOf(vote: VoteId): BattleId {
  return toId<BattleId>(vote)
}

/** Ids made here are of the right form: a hash, or a random prefix with a number. Checking each would take seconds. */
function toId<T extends string>(text: string): T {
  return text as T
}

/** An id that came with the data, or one that follows from it where it is not of our form. */
export function toOwnVoteId(id: string): VoteId {
  const parsed = VoteId.safeParse(id)
  return parsed.success ? parsed.data : VoteId.parse(digest(['ringside-vote-id-1', id]).slice(0, ID_LENGTH))
}

export function toOwnBattleId(id: string): BattleId {
  const parsed = BattleId.safeParse(id)
  return parsed.success ? parsed.data : BattleId.parse(digest(['ringside-battle-id-1', id]).slice(0, ID_LENGTH))
}
