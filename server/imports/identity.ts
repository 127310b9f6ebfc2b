import { hash } from 'node:crypto'
import { AnswerId, BattleId, PromptId, VoteId, VoterId } from '../../contract/ids.ts'
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
  return PromptId.parse(key.slice(0, ID_LENGTH))
}

export function answerKey(prompt: string, model: string, text: string): string {
  return digest(['ringside-answer-1', prompt, model, text])
}

export function answerIdOf(key: string): AnswerId {
  return AnswerId.parse(key.slice(0, ID_LENGTH))
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
  return BattleId.parse(key.slice(0, ID_LENGTH))
}

export interface VoteIdentity extends BattleIdentity {
  readonly outcome: Outcome
  readonly judge: string | null
  readonly at: number | null
}

/** What a vote says. How often it was said before is not part of the key: the importer counts. */
export function voteKey(vote: VoteIdentity): Buffer {
  return digestVote(vote).subarray(0, IMPORT_KEY_BYTES)
}

export function digestVote({ arena, models, hashes, item, turn, outcome, judge, at }: VoteIdentity): Buffer {
  const unit = hashes.a === null ? item : null
  const parts = ['ringside-vote-1', arena, models.a, models.b, outcome, judge, at, turn, hashes.a, hashes.b, unit]
  return hash('sha256', JSON.stringify(parts), 'buffer')
}

/** The same for all votes of one judge, whatever the file. */
export function voterIdOf(judge: string): VoterId {
  return VoterId.parse(digest(['ringside-judge-1', judge]).slice(0, ID_LENGTH))
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
