import type { AnswerId, BattleId, ModelId, PromptId, VoteId, VoterId } from '../contract/ids.ts'
import type { Outcome, PerSide, Side } from '../contract/outcome.ts'
import type { ExportSource } from './export-source.ts'
import type { ImportSink } from './import-sink.ts'

export type * from './export-source.ts'
export type * from './import-sink.ts'
export { IMPORT_KEY_BYTES } from './import-sink.ts'

/**
 * What is remembered, in the words of the arena. One method is one atomic fact: no transaction, table or query leaves
 * this port, so that an embedded file and a shared server can both stand behind it. Every method is safe to repeat
 * after an error. Instants are milliseconds since 1970 (UTC) from the caller's clock; ids are made by the caller.
 */
export interface Store extends VoteLogReader, ExportSource, ImportSink {
  /* models */
  /** Adds models and updates those whose name is known; a known model keeps its id. Returns all, in name order. */
  upsertModels(models: readonly NewModel[]): Promise<ModelRecord[]>
  listModels(): Promise<ModelRecord[]>
  /** Paused models answer no new battles; their votes stay. */
  setModelStatus(ids: readonly ModelId[], status: ModelStatus): Promise<void>

  /* voters */
  recordVoter(voter: { id: VoterId; tokenHash: string; at: number }): Promise<void>
  findVoter(tokenHash: string): Promise<VoterId | undefined>

  /* prompts and answers that exist already */
  /**
   * One batch, whole or not at all; prompts and answers that are known by their key are left as they are. A batch is one
   * step that nothing interrupts: a thousand answers are many.
   */
  importAnswers(batch: readonly PreparedAnswer[]): Promise<{ promptsCreated: number; answersCreated: number }>
  /** Every prompt with at least two answers, ordered by key. Small rows: no texts. */
  listPreparedPrompts(arena: string): Promise<PreparedPrompt[]>
  getPrompt(id: PromptId): Promise<{ id: PromptId; text: string; language: string; categories: string[] }>
  /** In the order asked for; ids without a prompt are left out. */
  findPromptTexts(ids: readonly PromptId[]): Promise<{ id: PromptId; text: string; language: string }[]>

  /* battles */
  /** The battle and its first turn. Prepared battles are `ready` at once: their answers exist. */
  recordBattle(battle: NewBattle): Promise<void>
  /**
   * A further turn, or the next generation of the last one; the battle is `streaming` again. Refused once it has a vote.
   * The same turn told again is `recorded` only to the node that told it, with the same instant: another tab is `outdated`.
   */
  recordTurn(turn: NewTurn): Promise<'recorded' | 'no-such-battle' | 'already-voted' | 'outdated'>
  /**
   * Stores both answers of a generation and the state they lead to. Nothing happens to a generation that is not the
   * latest, or that has ended otherwise. A battle that has leaked stays leaked.
   */
  endTurn(end: TurnEnd): Promise<'recorded' | 'outdated'>
  /** A draw that was given up before its first token, for the operator; never shown to a voter. */
  recordAbandonedDraw(draw: AbandonedDraw): Promise<void>
  findBattle(id: BattleId): Promise<BattleRecord | undefined>
  /** Pairs this voter has been shown in prepared battles of an arena, newest first. */
  listSeenPairs(voterId: VoterId, arena: string, limit: number): Promise<SeenPair[]>
  /** Marks what this node was generating when it went away. Returns how many battles. */
  interruptGenerations(nodeId: string, at: number): Promise<number>

  /* votes */
  /**
   * Appends one vote, durably: when the promise resolves the commit is on disk. All checks happen in the same atomic
   * step, so two tabs, two nodes or two ids can never both be counted. Models, arena and marks are copied from the battle.
   */
  recordVote(vote: NewVote): Promise<VoteResult>
  /** Appends an entry that takes back the voter's last vote, if that was cast at `notBefore` or later. */
  recordWithdrawal(withdrawal: NewWithdrawal): Promise<WithdrawalResult>
  findVote(battleId: BattleId, voterId: VoterId): Promise<VoteRecord | undefined>

  /* operation */
  checkHealth(): Promise<StoreHealth>
  /**
   * A consistent copy into `file`: complete or absent. Holds every vote acknowledged before the call. A store on a server
   * refuses and names the server's own tool.
   */
  backup(file: string): Promise<{ sizeBytes: number }>
  close(): Promise<void>
}

/** The vote log, readable from its beginning, by as many followers as wish, on connections of their own. */
export interface VoteLogReader {
  /**
   * Entries after `cursor` (null: from the beginning) in log order, at most `limit`. The cursor returned continues
   * exactly there: no entry is ever skipped, also when transactions commit in another order than they began. For that an
   * entry may be readable a moment after it was acknowledged; the doorbell rings when it is.
   */
  readVoteLog(cursor: VoteLogCursor | null, limit: number): Promise<VoteLogPage>
  /** A doorbell, not a message: rings after entries were appended here or by another node. Returns how to stop it. */
  onVoteLogGrowth(listener: () => void): () => void
  listModels(): Promise<ModelRecord[]>
  close(): Promise<void>
}

/** Opaque; equal strings mean the same place. */
export type VoteLogCursor = string & { readonly __brand?: 'VoteLogCursor' }

export interface VoteLogPage {
  readonly entries: readonly LoggedVote[]
  readonly cursor: VoteLogCursor | null
}

/** One entry of the log, with what a leaderboard must know of its battle. */
export interface LoggedVote {
  readonly id: VoteId
  readonly kind: 'vote' | 'withdrawal'
  readonly battleId: BattleId
  readonly arena: string
  readonly models: PerSide<ModelId>
  readonly voterId: VoterId
  readonly turn: number
  /** Of a withdrawal: the outcome that it takes back. */
  readonly outcome: Outcome
  /** Why the vote (of a withdrawal: the vote it takes back) is on no leaderboard; null when it counts. */
  readonly uncounted: UncountedReason | null
  readonly supersedes: VoteId | null
  readonly categories: readonly string[]
  readonly language: string
  readonly at: number
}

export const UNCOUNTED_REASONS = ['identity-leaked', 'revealed', 'excluded'] as const
export type UncountedReason = (typeof UNCOUNTED_REASONS)[number]

export type ModelStatus = 'active' | 'paused'

export interface NewModel {
  /** Used when the name is new. */
  readonly id: ModelId
  readonly name: string
  readonly organization: string | null
  readonly license: string | null
  /** How to ask it; null for a model that only has prepared answers. The key itself is never stored, only where it is. */
  readonly endpoint: ModelEndpoint | null
  readonly weight: number
  readonly price: { readonly input: number; readonly output: number } | null
  readonly modalities: readonly string[]
  readonly sample: boolean
  readonly status: ModelStatus
  readonly at: number
}

export interface ModelEndpoint {
  readonly baseUrl: string
  readonly model: string
  readonly apiKeyEnv: string | null
  readonly systemPrompt: string | null
  readonly params: Readonly<Record<string, unknown>>
}

export interface ModelRecord extends Omit<NewModel, 'at'> {
  readonly createdAt: number
}

export interface PreparedAnswer {
  /** Used when the key is new. Keys are hashes of content, so that importing twice changes nothing. */
  readonly promptId: PromptId
  readonly promptKey: string
  readonly arena: string
  readonly prompt: string
  readonly language: string
  readonly categories: readonly string[]
  readonly source: string
  readonly answerId: AnswerId
  readonly answerKey: string
  readonly modelId: ModelId
  readonly text: string
  /** True when the text names its own model or maker. */
  readonly identityLeaked: boolean
  readonly at: number
}

export interface PreparedPrompt {
  readonly id: PromptId
  readonly language: string
  readonly categories: readonly string[]
  readonly answers: readonly { readonly id: AnswerId; readonly modelId: ModelId }[]
}

export interface NewBattle {
  readonly id: BattleId
  readonly arena: string
  readonly voterId: VoterId
  readonly models: PerSide<ModelId>
  readonly prompt: string
  readonly language: string
  readonly categories: readonly string[]
  readonly nodeId: string
  readonly at: number
  /** Present for a prepared battle. */
  readonly prepared: { readonly promptId: PromptId; readonly answers: PerSide<AnswerId> } | null
}

export interface NewTurn {
  readonly battleId: BattleId
  readonly turn: number
  readonly generation: number
  readonly prompt: string
  readonly categories: readonly string[]
  readonly nodeId: string
  readonly at: number
}

export interface TurnEnd {
  readonly battleId: BattleId
  readonly turn: number
  readonly generation: number
  readonly status: 'ready' | 'failed' | 'interrupted'
  /** For the operator; null when ready. Never holds a key. */
  readonly failure: string | null
  /** The models that answered at last: a failing one may have been replaced before its first token. */
  readonly models: PerSide<ModelId>
  readonly answers: PerSide<GeneratedAnswer>
  /** An answer of this battle names its model or maker. */
  readonly identityLeaked: boolean
  readonly categories: readonly string[]
  readonly at: number
}

export interface GeneratedAnswer {
  readonly id: AnswerId
  readonly text: string
  readonly reasoning: string
  readonly finish: 'stop' | 'length' | 'stopped' | 'failed'
  readonly promptTokens: number | null
  readonly completionTokens: number | null
  readonly firstTokenMs: number | null
  readonly totalMs: number
}

export interface AbandonedDraw {
  readonly battleId: BattleId
  readonly turn: number
  readonly side: Side
  readonly modelId: ModelId
  readonly reason: string
  readonly attempts: number
  readonly at: number
}

export interface BattleRecord {
  readonly id: BattleId
  readonly arena: string
  readonly kind: 'live' | 'prepared'
  readonly voterId: VoterId
  readonly models: PerSide<ModelId>
  readonly status: 'streaming' | 'ready' | 'failed' | 'interrupted'
  readonly language: string
  readonly categories: readonly string[]
  readonly identityLeaked: boolean
  readonly createdAt: number
  /** Latest generation of each turn, from turn 1. */
  readonly turns: readonly StoredTurn[]
}

export interface StoredTurn {
  readonly turn: number
  readonly generation: number
  readonly prompt: string
  /** Empty texts until the turn has ended. */
  readonly texts: PerSide<string>
}

export interface SeenPair {
  readonly promptId: PromptId
  readonly models: PerSide<ModelId>
}

export interface NewVote {
  readonly id: VoteId
  readonly battleId: BattleId
  readonly voterId: VoterId
  readonly turn: number
  readonly generation: number
  readonly outcome: Outcome
  readonly at: number
}

export interface VoteRecord {
  readonly id: VoteId
  readonly battleId: BattleId
  readonly voterId: VoterId
  readonly models: PerSide<ModelId>
  readonly arena: string
  readonly turn: number
  readonly outcome: Outcome
  readonly uncounted: UncountedReason | null
  readonly at: number
  readonly withdrawn: boolean
}

export type VoteResult =
  | { readonly kind: 'recorded'; readonly vote: VoteRecord }
  /** The same id with the same content: nothing changed, the first answer stands. */
  | { readonly kind: 'repeated'; readonly vote: VoteRecord }
  /** The same id with other content. */
  | { readonly kind: 'conflicting-id' }
  | { readonly kind: 'already-voted'; readonly vote: VoteRecord }
  /** Also for another voter's battle: the two are not told apart. */
  | { readonly kind: 'no-such-battle' }
  | { readonly kind: 'not-ready' }
  /** The vote names an older turn or generation than the latest. */
  | { readonly kind: 'outdated' }

export interface NewWithdrawal {
  readonly id: VoteId
  readonly supersedes: VoteId
  readonly voterId: VoterId
  readonly notBefore: number
  readonly at: number
}

export type WithdrawalResult =
  | { readonly kind: 'withdrawn'; readonly vote: VoteRecord }
  | { readonly kind: 'repeated'; readonly vote: VoteRecord }
  | { readonly kind: 'conflicting-id' }
  | { readonly kind: 'no-such-vote' }
  | { readonly kind: 'too-late' }
  /** A later vote of the same voter exists, or it was taken back before. */
  | { readonly kind: 'not-the-last' }

export interface StoreHealth {
  readonly engine: string
  readonly writable: boolean
  /** Why it cannot be written, for the operator; null when it can. */
  readonly problem: string | null
  /** True after a failure that only a restart can heal: nothing is acknowledged any more, the process should exit. */
  readonly needsRestart: boolean
  /** Figures for metrics, by name in camelCase: waiting writes, bytes of unmerged log, entries not yet readable … */
  readonly gauges: Readonly<Record<string, number>>
}

/** The store could not take the fact. `unknown`: it may or may not be on disk, ask again with the same id. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly reason: StoreErrorReason

  constructor(reason: StoreErrorReason, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.reason = reason
  }
}

export type StoreErrorReason =
  | 'full'
  | 'read-only'
  | 'busy'
  | 'unavailable'
  | 'unknown'
  | 'corrupt'
  | 'newer-schema'
  | 'locked'
