import { z } from 'zod'
import { BattleId, VoteId } from './ids.ts'
import { OUTCOMES } from './outcome.ts'

export const Outcome = z.enum(OUTCOMES)

/** Text of one answer as far as it has been released. There is no other field on purpose: nothing here tells A from B. */
const AnswerView = z.strictObject({
  text: z.string(),
  /** True when the whole text has been released. */
  ended: z.boolean(),
})
export type AnswerView = z.infer<typeof AnswerView>

const TurnView = z.strictObject({
  /** Counts from 1. */
  turn: z.int().min(1),
  /** Counts the times this turn was asked, from 1: regenerating makes a new generation. */
  generation: z.int().min(1),
  prompt: z.string(),
  a: AnswerView,
  b: AnswerView,
})
export type TurnView = z.infer<typeof TurnView>

/**
 * `streaming`: answers are being written. `ready`: both have ended, a vote is possible. `failed`: could not be compared,
 * no vote is possible. `interrupted`: the server went away in the middle; it can be regenerated.
 */
export const PendingStatus = z.enum(['streaming', 'ready', 'failed', 'interrupted'])
export type PendingStatus = z.infer<typeof PendingStatus>

const battleShape = {
  id: BattleId,
  arena: z.string(),
  kind: z.enum(['live', 'prepared']),
  /** Grows by one with every frame after this snapshot. */
  version: z.int().min(0),
  turns: z.array(TurnView).min(1),
}

/** A battle before its vote is stored. It has no field that could name a model, hence it cannot leak one. */
export const PendingBattle = z.strictObject({ ...battleShape, status: PendingStatus })
export type PendingBattle = z.infer<typeof PendingBattle>

export const RevealedModel = z.strictObject({
  name: z.string(),
  organization: z.string().nullable(),
  license: z.string().nullable(),
  /** True for the models of the sample arena, which are written texts and no real models. */
  sample: z.boolean(),
  /** Rating on the overall board with this vote counted, in points; null when the vote is on no board. */
  rating: z.number().nullable(),
  /** Half the width of its 95 % interval, in points; null while nobody can say. */
  margin: z.number().nullable(),
  /** How far this vote moved the rating, in points; null when the vote is on no board or was cast too long ago to tell. */
  change: z.number().nullable(),
  preliminary: z.boolean(),
})
export type RevealedModel = z.infer<typeof RevealedModel>

export const Reveal = z.strictObject({ a: RevealedModel, b: RevealedModel })
export type Reveal = z.infer<typeof Reveal>

export const CastVote = z.strictObject({
  voteId: VoteId,
  turn: z.int().min(1),
  outcome: Outcome,
  /** True when it counts on the leaderboard. */
  counted: z.boolean(),
  /** Why it does not: an answer named its model, or the names were already known when it was cast. */
  mark: z.enum(['identity-leaked', 'revealed']).nullable(),
  /** Milliseconds left to take it back; 0 when that time is over. */
  withdrawMs: z.int().min(0),
})
export type CastVote = z.infer<typeof CastVote>

/** A battle whose names are known to this voter. `vote` is null after it was taken back. */
export const RevealedBattle = z.strictObject({
  ...battleShape,
  status: z.literal('revealed'),
  reveal: Reveal,
  vote: CastVote.nullable(),
})
export type RevealedBattle = z.infer<typeof RevealedBattle>

export const BattleView = z.discriminatedUnion('status', [PendingBattle, RevealedBattle])
export type BattleView = z.infer<typeof BattleView>
