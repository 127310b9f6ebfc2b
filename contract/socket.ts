import { z } from 'zod'
import { BattleView, CastVote, Outcome, Reveal } from './battle.ts'
import { ERROR_CODES } from './errors.ts'
import { BattleId, RequestId, VoteId } from './ids.ts'
import { ArenaName, CategoryName, LeaderboardRow } from './leaderboard.ts'

/** Grows when a frame changes in a way that an older client cannot read. */
export const SOCKET_PROTOCOL = 1

/* ── what a client may say ─────────────────────────────────────────────────────────────────────────────────────── */

/** With a prompt: a live battle. Without: the next prepared pair, in the preferred language where there is one. */
const BattleStart = z.strictObject({
  type: z.literal('battle-start'),
  requestId: RequestId,
  arena: ArenaName.default('text'),
  prompt: z.string().optional(),
  language: z.string().max(8).optional(),
})

/** Watch a battle of one's own again, after a reload or a lost line. The answer is a snapshot, then deltas go on from it. */
const BattleResume = z.strictObject({ type: z.literal('battle-resume'), requestId: RequestId, battleId: BattleId })

const BattleContinue = z.strictObject({
  type: z.literal('battle-continue'),
  requestId: RequestId,
  battleId: BattleId,
  prompt: z.string(),
})

/** Ends both answers where they are; what was released stays and can be judged when both sides have text. */
const BattleStop = z.strictObject({ type: z.literal('battle-stop'), requestId: RequestId, battleId: BattleId })

/** Asks both models of the last turn again. */
const BattleRegenerate = z.strictObject({
  type: z.literal('battle-regenerate'),
  requestId: RequestId,
  battleId: BattleId,
})

/** Names exactly what was judged: a vote on an older turn or generation is refused. */
const VoteCast = z.strictObject({
  type: z.literal('vote-cast'),
  voteId: VoteId,
  battleId: BattleId,
  turn: z.int().min(1),
  generation: z.int().min(1),
  outcome: Outcome,
})

/** Takes back one's last vote, within a minute. `voteId` is the new entry's own id, `supersedes` the vote it takes back. */
const VoteWithdraw = z.strictObject({ type: z.literal('vote-withdraw'), voteId: VoteId, supersedes: VoteId })

const LeaderboardWatch = z.strictObject({
  type: z.literal('leaderboard-watch'),
  arena: ArenaName,
  category: CategoryName,
  /** The version of the board at hand, from the HTTP answer. */
  version: z.int().min(0),
})

const LeaderboardUnwatch = z.strictObject({
  type: z.literal('leaderboard-unwatch'),
  arena: ArenaName,
  category: CategoryName,
})

const Ping = z.strictObject({ type: z.literal('ping') })

export const ClientFrame = z.discriminatedUnion('type', [
  BattleStart,
  BattleResume,
  BattleContinue,
  BattleStop,
  BattleRegenerate,
  VoteCast,
  VoteWithdraw,
  LeaderboardWatch,
  LeaderboardUnwatch,
  Ping,
])
export type ClientFrame = z.infer<typeof ClientFrame>
/** A frame as a client writes it, before defaults and brands. */
export type ClientFrameInput = z.input<typeof ClientFrame>
export type ClientFrameOf<T extends ClientFrame['type']> = Extract<ClientFrame, { type: T }>

/* ── what the server says ──────────────────────────────────────────────────────────────────────────────────────── */

const Welcome = z.strictObject({
  type: z.literal('welcome'),
  protocol: z.int(),
  /** The build of the page that belongs to this server; a page of another build offers to reload. */
  build: z.string(),
})

/**
 * The whole battle as this voter may see it; replaces whatever the client has of it. Deltas that follow have the versions
 * after `battle.version`, without gaps; a client ignores any other.
 */
const BattleSnapshot = z.strictObject({
  type: z.literal('battle-snapshot'),
  requestId: RequestId.optional(),
  battle: BattleView,
})

/** Text to append on both sides of the last turn: both in one frame, on a fixed tick, equally long while both last. */
const BattleDelta = z.strictObject({
  type: z.literal('battle-delta'),
  battleId: BattleId,
  version: z.int(),
  a: z.string(),
  b: z.string(),
  /** Sides whose whole text has now been released. */
  ended: z.array(z.enum(['a', 'b'])),
})

/** Both answers have ended: a vote on this turn and generation is possible. */
const BattleReady = z.strictObject({ type: z.literal('battle-ready'), battleId: BattleId, version: z.int() })

/** The battle could not be compared. Says neither why nor which side. */
const BattleFailed = z.strictObject({ type: z.literal('battle-failed'), battleId: BattleId, version: z.int() })

const VoteRecorded = z.strictObject({
  type: z.literal('vote-recorded'),
  battleId: BattleId,
  vote: CastVote,
  reveal: Reveal,
})

const VoteWithdrawn = z.strictObject({
  type: z.literal('vote-withdrawn'),
  battleId: BattleId,
  voteId: VoteId,
  supersedes: VoteId,
})

const Refusal = { code: z.enum(ERROR_CODES), message: z.string(), retryAfterMs: z.int().optional() }

const VoteRefused = z.strictObject({ type: z.literal('vote-refused'), voteId: VoteId, ...Refusal })

/** Any other request that was refused; without `requestId` when the frame could not be read. */
const RequestRefused = z.strictObject({
  type: z.literal('request-refused'),
  requestId: RequestId.optional(),
  ...Refusal,
})

/**
 * Rows of a watched board that changed since `since`; a client whose board is not at `since` loads it again over HTTP.
 * Models that are no longer on the board are listed in `removed`.
 */
const LeaderboardChanged = z.strictObject({
  type: z.literal('leaderboard-changed'),
  arena: z.string(),
  category: z.string(),
  since: z.int(),
  version: z.int(),
  votes: z.int(),
  rows: z.array(LeaderboardRow),
  removed: z.array(z.string()),
})

const Pong = z.strictObject({ type: z.literal('pong') })

export const ServerFrame = z.discriminatedUnion('type', [
  Welcome,
  BattleSnapshot,
  BattleDelta,
  BattleReady,
  BattleFailed,
  VoteRecorded,
  VoteWithdrawn,
  VoteRefused,
  RequestRefused,
  LeaderboardChanged,
  Pong,
])
export type ServerFrame = z.infer<typeof ServerFrame>
export type ServerFrameOf<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>
