import type { Outcome, PerSide } from '../../contract/outcome.ts'
import type { ConversationMetadata } from '../../db/store.ts'
import type { Conversation } from './conversations.ts'
import type { Message } from './messages.ts'

/** What a record says, in the words of the arena. Names are names; nothing has been looked up yet. */
export type ImportedFact = PromptFact | AnswerFact | BattleFact

/** What a record says about language and categories; null when it says nothing. */
export interface ToldLabels {
  readonly language: string | null
  readonly categories: readonly string[] | null
}

export interface PromptFact extends ToldLabels {
  readonly fact: 'prompt'
  readonly prompt: PromptText
}

export interface PromptText {
  readonly text: string
  readonly system: string | null
  /** What was said before, when the prompt goes on a conversation. */
  readonly context: readonly Message[]
  /** Tells the prompt apart instead of its text, when the operator says so. */
  readonly ownId: string | null
}

/** An answer that a model gave to a prompt. */
export interface AnswerFact extends ToldLabels {
  readonly fact: 'answer'
  readonly prompt: PromptText
  readonly model: string
  readonly response: string
}

/** Two models side by side, and what was said about them. */
export interface BattleFact extends ToldLabels {
  readonly fact: 'battle'
  readonly models: PerSide<string>
  /** Null when the texts are not known. */
  readonly conversation: Conversation | null
  /** Tells battles apart whose texts are not known. */
  readonly item: string | null
  /** User turns up to the votes. */
  readonly turn: number
  readonly gold: Outcome | null
  readonly votes: readonly VoteFact[]
  /** Nobody showed the answers in an order: which side is which follows from the content. */
  readonly isSideOpen: boolean
  /** Tells the battle apart instead of its content. */
  readonly ownId: string | null
  /** What an export of Ringside says beside. */
  readonly own: OwnBattle | null
}

export interface OwnBattle {
  readonly arena: string
  readonly source: string | null
}

export interface VoteFact {
  readonly outcome: Outcome
  readonly judge: string | null
  /** Where it was cast from, in place of a judge. Never stored: what is, is a hash that only this arena can make. */
  readonly address: string | null
  /** Milliseconds since 1970; null when nobody knows. */
  readonly at: number | null
  /** 1 better, 2 much better. */
  readonly strength: number | null
  readonly weight: number
  readonly isBlind: boolean
  /** Null: to be found in the texts. */
  readonly isLeaked: boolean | null
  readonly excluded: string | null
  readonly style: ConversationMetadata | null
  /** Tells the vote apart instead of what it says. */
  readonly ownId: string | null
  /** The vote that it replaces by its own word; undefined when it has none to say. */
  readonly replaces: string | null | undefined
}

export const PLAIN_VOTE = {
  judge: null,
  address: null,
  at: null,
  strength: null,
  weight: 1,
  isBlind: true,
  isLeaked: null,
  excluded: null,
  style: null,
  ownId: null,
  replaces: undefined,
} as const satisfies Omit<VoteFact, 'outcome'>

export const PLAIN_BATTLE = {
  fact: 'battle',
  conversation: null,
  item: null,
  turn: 1,
  gold: null,
  votes: [],
  isSideOpen: false,
  ownId: null,
  own: null,
  language: null,
  categories: null,
} as const satisfies Omit<BattleFact, 'models'>
