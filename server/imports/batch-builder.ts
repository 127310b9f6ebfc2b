import { BattleId, type VoteId, type VoterId } from '../../contract/ids.ts'
import { SIDES, type PerSide } from '../../contract/outcome.ts'
import type {
  ImportBatch,
  ImportedAnswer,
  ImportedBattle,
  ImportedConversation,
  ImportedPrompt,
  ImportedVote,
} from '../../db/store.ts'
import { namesItself } from '../blind/identity-leak.ts'
import { newId } from '../ids.ts'
import type { Conversation } from './conversations.ts'
import {
  answerIdOf,
  answerKey,
  battleOf,
  nthVoteId,
  promptIdOf,
  promptKey,
  toOwnVoteId,
  voterIdOf,
  voterOf,
} from './identity.ts'
import type { AnswerFact, BattleFact, PromptText, ToldLabels, VoteFact } from './imported-facts.ts'
import type { KeyTable } from './key-table.ts'
import type { Labeller, Labels } from './labelling.ts'
import type { KnownModel, ModelDirectory } from './model-directory.ts'
import {
  isKnownVote,
  type WaitingBareVote,
  type WaitingBattle,
  type WaitingFact,
  type WaitingRecord,
  type WaitingVote,
} from './waiting-records.ts'

export interface BuilderNeeds {
  readonly models: ModelDirectory
  readonly keys: KeyTable
  readonly labeller: Labeller
  /** Ids of judges that were worked out before. */
  readonly voters: Map<string, VoterId>
  /** Votes with ids of their own that are in the store. */
  readonly knownVotes: ReadonlySet<string>
  readonly arena: string
  /** The label that every record gets, also those that bring one of their own. */
  readonly source: string | null
  readonly at: number
}

export type BatchContent = Pick<ImportBatch, 'models' | 'prompts' | 'answers' | 'battles' | 'votes' | 'keys'>

/** An id whose kind is told; a bare vote is new whatever its id. */
export type ContributedId = `${'prompt' | 'answer' | 'battle' | 'vote'} ${string}` | 'bare'

const NOTHING: readonly ContributedId[] = []
const ONE_BARE: readonly ContributedId[] = ['bare']
/** Voters whose id is remembered, since working it out takes as long as everything else about a vote. */
const REMEMBERED_VOTERS = 200_000

/** Turns the records of one batch into what is stored, each thing once, and remembers which record brought it. */
export class BatchBuilder {
  readonly #needs: BuilderNeeds
  readonly #prompts = new Map<string, ImportedPrompt>()
  readonly #answers = new Map<string, ImportedAnswer>()
  readonly #battles = new Map<string, ImportedBattle>()
  readonly #votes: ImportedVote[] = []
  readonly #ownVotes = new Set<string>()
  readonly #keys: string[] = []
  readonly #prefix = newId().slice(0, 12)
  #contributed: ContributedId[] = []

  constructor(needs: BuilderNeeds) {
    this.#needs = needs
  }

  /** @returns what this record is the first to bring; at once where there are no texts to be labelled */
  add({ facts, source }: WaitingRecord): readonly ContributedId[] | Promise<readonly ContributedId[]> {
    const [only] = facts
    if (only?.fact === 'bare' && facts.length === 1) return this.#addBare(only, source) ? ONE_BARE : NOTHING
    return this.#addAll(facts, source)
  }

  async #addAll(facts: readonly WaitingFact[], source: string): Promise<readonly ContributedId[]> {
    this.#contributed = []
    for (const fact of facts) {
      if (fact.fact === 'prompt') await this.#addPrompt(fact.prompt, fact, source)
      else if (fact.fact === 'answer') await this.#addAnswerFact(fact, source)
      else if (fact.fact === 'battle') await this.#addBattle(fact, source)
      else if (this.#addBare(fact, source)) this.#contributed.push('bare')
    }
    return this.#contributed
  }

  take(): BatchContent {
    return {
      models: this.#needs.models.takeAdded(),
      prompts: [...this.#prompts.values()],
      answers: [...this.#answers.values()],
      battles: [...this.#battles.values()],
      votes: this.#votes,
      keys: Buffer.from(this.#keys.join(''), 'latin1'),
    }
  }

  async #addPrompt(
    prompt: PromptText,
    told: ToldLabels,
    source: string,
    arena = this.#needs.arena,
  ): Promise<ImportedPrompt> {
    const key = promptKey(arena, prompt)
    const known = this.#prompts.get(key)
    if (known) return known
    const said = [...prompt.context.filter(({ role }) => role === 'user').map(({ content }) => content), prompt.text]
    const { language, categories } = await this.#needs.labeller.label(told, { prompts: said, answers: [] })
    const row: ImportedPrompt = {
      id: promptIdOf(key),
      key,
      arena,
      text: prompt.text,
      system: prompt.system,
      context: prompt.context.length > 0 ? prompt.context : null,
      language,
      categories,
      source,
    }
    this.#prompts.set(key, row)
    this.#contributed.push(`prompt ${row.id}`)
    return row
  }

  async #addAnswerFact(fact: AnswerFact, source: string): Promise<void> {
    const prompt = await this.#addPrompt(fact.prompt, fact, source)
    this.#addAnswer(prompt, this.#needs.models.get(fact.model, this.#needs.at), fact.response)
  }

  #addAnswer(prompt: ImportedPrompt, { id: modelId, identity }: KnownModel, text: string): ImportedAnswer {
    const key = answerKey(prompt.key, identity.name, text)
    const known = this.#answers.get(key)
    if (known) return known
    const row: ImportedAnswer = {
      id: answerIdOf(key),
      key,
      promptId: prompt.id,
      modelId,
      text,
      identityLeaked: namesItself(text, identity),
    }
    this.#answers.set(key, row)
    this.#contributed.push(`answer ${row.id}`)
    return row
  }

  async #addBattle(waiting: WaitingBattle, source: string): Promise<void> {
    const { battle, id } = waiting
    // What was cast here has its texts where it was held: nothing of it is to be brought a second time.
    if (waiting.votes.length > 0 && waiting.votes.every((vote) => this.#isKnownById(vote))) return
    const { conversation } = battle
    const label = this.#labelOf(battle, source)
    const models = this.#findModels(battle.models)
    const labels = await this.#labelBattle(waiting)
    const texts =
      conversation && (await this.#addConversation(waiting, { conversation, models, labels, source: label }))
    const row: ImportedBattle = {
      id: BattleId.parse(id),
      arena: waiting.arena,
      models: { a: models.a.id, b: models.b.id },
      language: labels.language,
      categories: labels.categories,
      identityLeaked: texts?.identityLeaked ?? false,
      source: label,
      system: conversation?.system ?? null,
      gold: battle.gold,
      conversation: texts?.stored ?? null,
    }
    this.#putBattle(row)
    for (const vote of waiting.votes) this.#addVote(vote, row, battle.turn)
  }

  #isKnownById({ vote: { ownId } }: WaitingVote): boolean {
    return ownId !== null && this.#needs.knownVotes.has(toOwnVoteId(ownId))
  }

  #addVote(waiting: WaitingVote, battle: ImportedBattle, turn: number): void {
    const { vote, key } = waiting
    if (isKnownVote(waiting, this.#needs.keys)) return
    const id = vote.ownId === null ? this.#nextVoteId() : toOwnVoteId(vote.ownId)
    if (vote.ownId !== null) {
      if (this.#ownVotes.has(id)) return
      this.#ownVotes.add(id)
    }
    const isLeaked = vote.isLeaked ?? battle.identityLeaked
    this.#votes.push(this.#toVote(vote, { battle, id, turn, isLeaked, history: historyOf(vote) }))
    this.#contributed.push(`vote ${id}`)
    if (key !== null) this.#keys.push(key)
  }

  /** @returns true when the vote is new */
  #addBare(waiting: WaitingBareVote, source: string): boolean {
    const { battle, arena, vote, key } = waiting
    if (isKnownVote(waiting, this.#needs.keys)) return false
    const { models, at, labeller } = this.#needs
    const id = this.#nextVoteId()
    const { language, categories } = labeller.labelTold(battle)
    const row = {
      id: battleOf(id),
      arena,
      models: { a: models.get(battle.models.a, at).id, b: models.get(battle.models.b, at).id },
      language,
      categories,
      source: this.#labelOf(battle, source),
    }
    this.#votes.push(
      this.#toVote(vote, { battle: row, id, turn: battle.turn, isLeaked: vote.isLeaked ?? false, history: BARE }),
    )
    if (key !== null) this.#keys.push(key)
    return true
  }

  #labelOf({ own }: BattleFact, source: string): string {
    return this.#needs.source ?? own?.source ?? (own ? '' : source)
  }

  #toVote(vote: VoteFact, { battle, id, turn, isLeaked, history }: VotePlace): ImportedVote {
    const { judge } = vote
    return {
      id,
      battleId: battle.id,
      arena: battle.arena,
      models: battle.models,
      turn,
      outcome: vote.outcome,
      language: battle.language,
      categories: battle.categories,
      at: vote.at ?? this.#needs.at,
      source: battle.source,
      voterId: judge === null ? voterOf(id) : this.#voterIdOf(judge),
      judge,
      isBlind: vote.isBlind,
      isLeaked,
      excluded: vote.excluded,
      strength: vote.strength,
      weight: vote.weight,
      style: vote.style,
      history,
      hasOwnId: vote.ownId !== null,
    }
  }

  #voterIdOf(judge: string): VoterId {
    const { voters } = this.#needs
    const known = voters.get(judge)
    if (known !== undefined) return known
    const id = voterIdOf(judge)
    if (voters.size >= REMEMBERED_VOTERS) voters.clear()
    voters.set(judge, id)
    return id
  }

  #nextVoteId(): VoteId {
    return nthVoteId(this.#prefix, this.#votes.length)
  }

  #findModels({ a, b }: PerSide<string>): PerSide<KnownModel> {
    const { models, at } = this.#needs
    return { a: models.get(a, at), b: models.get(b, at) }
  }

  /** What an export of ours says of a battle is all that is known; nothing is added to it. */
  async #labelBattle({ battle }: WaitingBattle): Promise<Labels> {
    if (battle.own) return { language: battle.language ?? 'other', categories: battle.categories ?? [] }
    const turns = battle.conversation?.turns
    const texts = turns && {
      prompts: turns.map(({ prompt }) => prompt),
      answers: turns.flatMap(({ answers }) => [answers.a, answers.b]),
    }
    return this.#needs.labeller.label(battle, texts ?? null)
  }

  /** One turn becomes a prompt with two answers, which many battles can share; more turns belong to their battle. */
  async #addConversation(
    { battle, arena }: WaitingBattle,
    about: { conversation: Conversation; models: PerSide<KnownModel>; labels: Labels; source: string },
  ): Promise<{ stored: ImportedConversation; identityLeaked: boolean }> {
    const { conversation, models, labels, source } = about
    const [only, ...others] = conversation.turns
    if (!only || others.length > 0 || only.prompt.trim() === '') {
      const isLeaked = conversation.turns.some(({ answers }) =>
        SIDES.some((side) => namesItself(answers[side], models[side].identity)),
      )
      return { stored: { kind: 'turns', turns: conversation.turns }, identityLeaked: isLeaked }
    }
    const text = { text: only.prompt, system: conversation.system, context: [], ownId: null }
    const told = battle.own ? labels : battle
    const prompt = await this.#addPrompt(text, told, source, arena)
    const a = this.#addAnswer(prompt, models.a, only.answers.a)
    const b = this.#addAnswer(prompt, models.b, only.answers.b)
    return {
      stored: { kind: 'prepared', promptId: prompt.id, answers: { a: a.id, b: b.id } },
      identityLeaked: a.identityLeaked || b.identityLeaked,
    }
  }

  #putBattle(battle: ImportedBattle): void {
    const known = this.#battles.get(battle.id)
    if (!known) this.#contributed.push(`battle ${battle.id}`)
    if (!known || (known.gold === null && battle.gold !== null)) this.#battles.set(battle.id, battle)
  }
}

const BARE = { kind: 'bare' } as const
const ALONE = { kind: 'alone' } as const
const LATEST = { kind: 'latest' } as const

/** Where a vote stands, and what the builder found out about it. */
interface VotePlace extends Pick<ImportedVote, 'id' | 'turn' | 'isLeaked' | 'history'> {
  readonly battle: Pick<ImportedBattle, 'id' | 'arena' | 'models' | 'language' | 'categories' | 'source'>
}

function historyOf({ judge, replaces }: VoteFact): ImportedVote['history'] {
  if (replaces !== undefined && replaces !== null) return { kind: 'named', id: toOwnVoteId(replaces) }
  if (judge === null) return ALONE
  return replaces === null ? { kind: 'named', id: null } : LATEST
}
