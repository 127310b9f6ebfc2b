import { z } from 'zod'

/** What the first page needs to know. Says whether there are models at all, never which. */
export const ArenaStatus = z
  .strictObject({
    arena: z.string(),
    /** A prompt of one's own can be sent to two models. */
    liveBattles: z.boolean(),
    /** Pairs of existing answers can be judged. */
    preparedBattles: z.boolean(),
    /** The pairs come from the sample arena: written texts, no real models. */
    sampleArena: z.boolean(),
    promptMaxChars: z.int(),
    build: z.string(),
  })
  .meta({ id: 'ArenaStatus' })
export type ArenaStatus = z.infer<typeof ArenaStatus>

/** One prompt out of the prepared sets, offered on the empty page. */
export const Suggestion = z.strictObject({ prompt: z.string(), language: z.string() }).meta({ id: 'Suggestion' })
export type Suggestion = z.infer<typeof Suggestion>

export const Problem = z
  .strictObject({
    error: z.strictObject({ code: z.string(), message: z.string(), retryAfterMs: z.int().optional() }),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof Problem>
