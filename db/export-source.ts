import type { Outcome, PerSide } from '../contract/outcome.ts'

/**
 * What an export reads, in the words of the arena. Pages are small enough to be held in memory, whatever the answers
 * weigh; two readings between the same two places of the vote log give the same items in the same order.
 */
export interface ExportSource {
  /** Where the vote log ends now. An export reads up to there and no further, however many votes come in meanwhile. */
  findLogEnd(): Promise<LogEnd>
  /**
   * Battles with at least one vote that matches, in the order of their first vote in the log, whatever the filter. Each
   * has all its matching votes, those that were replaced or taken back too, and its turns up to the last of them.
   */
  readVotedBattles(request: ExportPageRequest): Promise<ExportPage<VotedBattle>>
  /** Matching votes in log order, each with the conversation that was judged. Votes that were taken back are among them. */
  readVotes(request: ExportPageRequest): Promise<ExportPage<VoteOnBattle>>
  listModels(): Promise<readonly ExportedModel[]>
}

/** Opaque; equal strings mean the same place. */
export type ExportCursor = string & { readonly __brand?: 'ExportCursor' }

export interface LogEnd {
  /** Null for an empty log. */
  readonly cursor: ExportCursor | null
  readonly entries: number
}

export interface ExportPageRequest {
  readonly filter: ExportFilter
  /** Null: from the beginning. */
  readonly after: ExportCursor | null
  readonly upTo: ExportCursor | null
  readonly limit: number
}

export interface ExportPage<T> {
  /** May be fewer than were asked for, or none, before the end. */
  readonly items: readonly T[]
  /** Where to go on; null at the end. */
  readonly next: ExportCursor | null
  /** Entries of the log that this page has passed, for a progress bar. */
  readonly passed: number
}

/** Empty lists match everything. A battle of a paused or renamed model is matched by its present name. */
export interface ExportFilter {
  readonly arenas: readonly string[]
  readonly categories: readonly string[]
  readonly languages: readonly string[]
  /** At least one side is one of these. */
  readonly models: readonly string[]
  /** Neither side is one of these. */
  readonly excludedModels: readonly string[]
  /** When the vote was cast: `since` ≤ t < `until`, in milliseconds. */
  readonly since: number | null
  readonly until: number | null
}

export interface ExportedBattle {
  readonly id: string
  readonly arena: string
  /** Names. */
  readonly models: PerSide<string>
  readonly language: string
  readonly categories: readonly string[]
  /** Label of the import it came with; empty for what happened here. */
  readonly source: string
  /** Its texts were removed on request. */
  readonly isErased: boolean
  /** Said to both models before the first turn; empty when nothing was. */
  readonly system: string
  /** From turn 1. */
  readonly turns: readonly ExportedTurn[]
  /** The judgement known to be right, where the battle checks assessors. */
  readonly gold: Outcome | null
}

/** A text is null when it was erased or never known. */
export interface ExportedTurn {
  readonly prompt: string | null
  readonly answers: PerSide<string | null>
}

export interface VotedBattle extends ExportedBattle {
  /** In log order. */
  readonly votes: readonly ExportedVote[]
}

export interface VoteOnBattle {
  readonly vote: ExportedVote
  /** Its turns end with the one that was judged. */
  readonly battle: ExportedBattle
  /** Style counts that came with an imported vote. */
  readonly metadata: ConversationMetadata | null
}

export interface ExportedVote {
  readonly id: string
  /** Pseudonym, stable in one installation; null when nobody knows. */
  readonly judge: string | null
  /** User turns up to the vote. */
  readonly turn: number
  readonly outcome: Outcome
  /** 1 better, 2 much better. */
  readonly strength: number | null
  /** Sampling weight. */
  readonly weight: number
  /** The names were not known yet. */
  readonly isBlind: boolean
  /** An answer names its model or maker. */
  readonly isLeaked: boolean
  /** Why it is on no board, beside the two above: `unrated`, `withdrawn`, `operator` … */
  readonly excluded: string | null
  readonly supersedes: string | null
  /** A later entry took its place, or took it back. */
  readonly isSuperseded: boolean
  readonly at: number
}

export interface ExportedModel {
  readonly name: string
  readonly organization: string | null
  readonly license: string | null
}

/** Style counts in the public arena layout. */
export interface ConversationMetadata {
  readonly sum_user_tokens: number
  readonly turns: number
  readonly sum_assistant_a_tokens: number
  readonly sum_assistant_b_tokens: number
  readonly context_a_tokens: number
  readonly context_b_tokens: number
  readonly header_count_a: HeaderCount
  readonly header_count_b: HeaderCount
  readonly list_count_a: ListCount
  readonly list_count_b: ListCount
  readonly bold_count_a: BoldCount
  readonly bold_count_b: BoldCount
}

export interface HeaderCount {
  readonly h1: number
  readonly h2: number
  readonly h3: number
  readonly h4: number
  readonly h5: number
  readonly h6: number
}

export interface ListCount {
  readonly ordered: number
  readonly unordered: number
}

export interface BoldCount {
  readonly '**': number
  readonly __: number
}
