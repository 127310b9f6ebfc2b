import { z } from 'zod'
import { CATEGORY_PATTERN } from './categories.ts'

export const ArenaName = z.string().regex(CATEGORY_PATTERN, 'expected lower-case letters, digits and dashes').max(64)
export const CategoryName = z.string().regex(CATEGORY_PATTERN, 'expected lower-case letters, digits and dashes').max(64)

export const LeaderboardQuery = z.strictObject({
  arena: ArenaName.default('text'),
  category: CategoryName.default('overall'),
})
export type LeaderboardQuery = z.infer<typeof LeaderboardQuery>

/**
 * One model on one board. The first nine fields are those of `ringside rank --json`. Ratings and their errors are in
 * points (400 / ln 10 per logit, 1000 at the mean); `lower` and `upper` bound the 95 % interval.
 */
export const LeaderboardRow = z
  .strictObject({
    /** 1 + the number of models that are surely better (simultaneous 95 % intervals of differences). */
    rank: z.int(),
    rankLower: z.int(),
    rankUpper: z.int(),
    model: z.string(),
    rating: z.number(),
    se: z.number().nullable(),
    lower: z.number().nullable(),
    upper: z.number().nullable(),
    votes: z.int(),
    /** LMArena's rank: 1 + the number of models whose lower bound lies above this upper bound. */
    rankArena: z.int(),
    wins: z.int(),
    losses: z.int(),
    ties: z.int(),
    bothBad: z.int(),
    /** Share of points (win 1, tie ½), 0..1. */
    winRate: z.number(),
    /** Online Elo (K = 4, start 1000) over the log in its order, beside the default estimate. */
    elo: z.number(),
    /** Too few votes to take the place seriously. */
    preliminary: z.boolean(),
    /** Why the rating rests on the weak prior and not on the votes alone; `none` when it does not. */
    provisional: z.enum(['none', 'only-wins', 'only-losses', 'disconnected']),
    /** Models of different components were never compared, not even through others: their ratings cannot be compared. */
    component: z.int(),
    organization: z.string().nullable(),
    license: z.string().nullable(),
    sample: z.boolean(),
  })
  .meta({ id: 'LeaderboardRow' })
export type LeaderboardRow = z.infer<typeof LeaderboardRow>

export const CategoryCount = z.strictObject({ category: z.string(), votes: z.int() }).meta({ id: 'CategoryCount' })

export const Leaderboard = z
  .strictObject({
    arena: z.string(),
    category: z.string(),
    /** Grows with every change of this board in this process. */
    version: z.int(),
    method: z.literal('bt'),
    /** Votes on this board, and those of the same cut that are kept but not counted, by reason. */
    votes: z.int(),
    notCounted: z.strictObject({ identityLeaked: z.int(), revealed: z.int(), withdrawn: z.int(), excluded: z.int() }),
    /** The vote-log entry up to which the board was computed; null before the first vote. */
    logCursor: z.string().nullable(),
    /** When the last vote on it was cast, ISO 8601; null before the first. */
    lastVoteAt: z.string().nullable(),
    converged: z.boolean(),
    components: z.int(),
    /** True while only the written sample models have votes here. */
    sampleOnly: z.boolean(),
    /** The boards of this arena with votes on them, in reading order. */
    categories: z.array(CategoryCount),
    rows: z.array(LeaderboardRow),
  })
  .meta({ id: 'Leaderboard' })
export type Leaderboard = z.infer<typeof Leaderboard>
