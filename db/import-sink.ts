import type { AnswerId, BattleId, ModelId, PromptId, VoterId, VoteId } from '../contract/ids.ts'
import type { Outcome, PerSide } from '../contract/outcome.ts'
import type { ConversationMetadata } from './export-source.ts'
import type { NewModel } from './store.ts'

/**
 * What an import stores, in the words of the arena. Whatever exists already is left as it is: everything has an id that
 * follows from its content, and votes, which are many, are told apart by keys that the importer holds.
 */
export interface ImportSink {
  /** Keys of the votes of one earlier batch; undefined after the last one. `after` is 0, or the position seen last. */
  readImportRun(after: number): Promise<ImportRun | undefined>
  /** Which of these exist already. */
  findImported(ids: ImportIds): Promise<KnownIds>
  /**
   * One batch, whole or not at all. Refused as `outdated` when something was stored after what the importer has read: a
   * run, or a model by the name of one that it takes for new.
   */
  importBatch(batch: ImportBatch): Promise<ImportBatchResult>
  /** A secret of this installation. */
  findSecret(name: string): Promise<Uint8Array | undefined>
  /** The same; there being none, what is proposed becomes it. Whoever asks gets the same bytes. */
  keepSecret(name: string, proposed: Uint8Array, at: number): Promise<Uint8Array>
}

/** Length of a key: the first bytes of the SHA-256 of what a vote says. */
export const IMPORT_KEY_BYTES = 16

export interface ImportRun {
  readonly position: number
  readonly arena: string
  /** So many bytes for each vote, in no particular order; a key that several equal votes share comes several times. */
  readonly keys: Uint8Array
}

export interface ImportIds {
  readonly prompts: readonly PromptId[]
  readonly answers: readonly AnswerId[]
  readonly battles: readonly BattleId[]
  readonly votes: readonly VoteId[]
}

/** Ids of things that exist, by what they are. */
export interface KnownIds {
  readonly models: ReadonlySet<string>
  readonly prompts: ReadonlySet<string>
  readonly answers: ReadonlySet<string>
  readonly battles: ReadonlySet<string>
  readonly votes: ReadonlySet<string>
}

export interface ImportBatch {
  /** The position of the last run that the importer has read. */
  readonly after: number
  /** Made for this batch; the same batch told again is recognised by it. */
  readonly token: string
  readonly arena: string
  readonly source: string
  readonly at: number
  /** Of the votes below that are told apart by what they say. */
  readonly keys: Uint8Array
  /** Those that the importer takes for new. */
  readonly models: readonly NewModel[]
  readonly prompts: readonly ImportedPrompt[]
  /** To prompts that are in this batch or were stored before. */
  readonly answers: readonly ImportedAnswer[]
  readonly battles: readonly ImportedBattle[]
  /** On battles that are in this batch or were stored before, or bare. In this order they stand in the log. */
  readonly votes: readonly ImportedVote[]
}

export type ImportBatchResult =
  | { readonly kind: 'outdated' }
  | {
      readonly kind: 'imported'
      /** Position of the batch among the runs; the one given when nothing was new. */
      readonly position: number
      /** What was not there before. Bare votes are not among it: they always are new. */
      readonly created: KnownIds
      /** Battles that were there, and of which the right judgement is known since. */
      readonly turnedGold: ReadonlySet<string>
    }

/** What was said before the last prompt of a conversation that is to be gone on. */
export type PromptContext = readonly { readonly role: 'system' | 'user' | 'assistant'; readonly content: string }[]

export interface ImportedPrompt {
  readonly id: PromptId
  readonly key: string
  readonly arena: string
  readonly text: string
  readonly system: string | null
  readonly context: PromptContext | null
  readonly language: string
  readonly categories: readonly string[]
  readonly source: string
}

export interface ImportedAnswer {
  readonly id: AnswerId
  readonly key: string
  readonly promptId: PromptId
  readonly modelId: ModelId
  readonly text: string
  readonly identityLeaked: boolean
}

export interface ImportedBattle {
  readonly id: BattleId
  readonly arena: string
  readonly models: PerSide<ModelId>
  readonly language: string
  readonly categories: readonly string[]
  readonly identityLeaked: boolean
  readonly source: string
  readonly system: string | null
  readonly gold: Outcome | null
  readonly conversation: ImportedConversation | null
}

/** Texts of a battle: one turn of existing answers, or turns of its own. Null when they are not known. */
export type ImportedConversation =
  | { readonly kind: 'prepared'; readonly promptId: PromptId; readonly answers: PerSide<AnswerId> }
  | {
      readonly kind: 'turns'
      readonly turns: readonly { readonly prompt: string; readonly answers: PerSide<string> }[]
    }

export interface ImportedVote {
  readonly id: VoteId
  readonly battleId: BattleId
  readonly arena: string
  readonly models: PerSide<ModelId>
  readonly turn: number
  readonly outcome: Outcome
  readonly language: string
  readonly categories: readonly string[]
  readonly at: number
  readonly source: string
  /** The same for all votes of one judge; of its own for each vote of which nobody knows who cast it. */
  readonly voterId: VoterId
  /** The voter's name as it came; null when nobody knows. */
  readonly judge: string | null
  readonly isBlind: boolean
  readonly isLeaked: boolean
  /** A reason to be on no board. */
  readonly excluded: string | null
  readonly strength: number | null
  readonly weight: number
  readonly style: ConversationMetadata | null
  readonly history: VoteHistory
  /** The id came with the vote, and tells whether it is known. */
  readonly hasOwnId: boolean
}

/** What a vote has to do with earlier votes of its voter on its battle. */
export type VoteHistory =
  /** Nothing is known of its battle but what the vote says, whose id is also the battle's. Nobody else votes on it. */
  | { readonly kind: 'bare' }
  /** There can be none. */
  | { readonly kind: 'alone' }
  /** It takes the place of the latest one; if it is older than that, it is stored and excluded as `superseded`. */
  | { readonly kind: 'latest' }
  /** It takes the place of this one, or of none. */
  | { readonly kind: 'named'; readonly id: VoteId | null }
