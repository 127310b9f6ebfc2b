import { z } from 'zod'

/** Identifiers are branded, so that a battle's id can never be passed where a vote's is meant. */
const id = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, 'expected 8 to 64 letters, digits, "_" or "-"')

export const BattleId = id.brand<'BattleId'>()
export type BattleId = z.infer<typeof BattleId>

/** Made by the client, so that a vote sent twice is one vote. */
export const VoteId = id.brand<'VoteId'>()
export type VoteId = z.infer<typeof VoteId>

/** Made by the client; echoed in the answer to that request. */
export const RequestId = id.brand<'RequestId'>()
export type RequestId = z.infer<typeof RequestId>

export const VoterId = id.brand<'VoterId'>()
export type VoterId = z.infer<typeof VoterId>

export const ModelId = id.brand<'ModelId'>()
export type ModelId = z.infer<typeof ModelId>

export const AnswerId = id.brand<'AnswerId'>()
export type AnswerId = z.infer<typeof AnswerId>

export const PromptId = id.brand<'PromptId'>()
export type PromptId = z.infer<typeof PromptId>
