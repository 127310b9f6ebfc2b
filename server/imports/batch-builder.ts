import { BattleId, VoteId, VoterId } from '../../contract/ids.ts'
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
import { answerIdOf, answerKey, promptIdOf, promptKey, toOwnVoteId, voterIdOf } from './identity.ts'
import type { AnswerFact, PromptText, ToldLabels, VoteFact } from './imported-facts.ts'
import type { KeyTable } from './key-table.ts'
import type { Labeller, Labels } from './labelling.ts'
import type { KnownModel, ModelDirectory } from './model-directory.ts'
import { isKnownVote, type WaitingBattle, type WaitingRecord, type WaitingVote } from './waiting-records.ts'

export interface BuilderNeeds {
  readonly models: ModelDirectory
  readonly keys: KeyTable
  readonly labeller: Labeller
  readonly arena: string
  /** The label that every record gets, also those that bring one of their own. */
  readonly source: string | null
  readonly at: number
}

export type BatchContent = Pick<ImportBatch, 'models' | 'prompts' | 'answers' | 'battles' | 'votes' | 'keys'>

/** An id whose kind is told, since a battle and its only vote share theirs. */
export type ContributedId = `${'prompt' | 'answer' | 'battle' | 'vote'} ${string}`

const INDEX_LENGTH = 4

/** Turns the records of one batch into what is stored, each thing once, and remembers which record brought it. */
export class BatchBuilder {
  readonly #needs: BuilderNeeds
  readonly #prompts = new Map<string, ImportedPrompt>()
  readonly #answers = new Map<string, ImportedAnswer>()
  readonly #battles = new Map<string, ImportedBattle>()
  readonly #votes = new Map<string, ImportedVote>()
  readonly #keys: Buffer[] = []
  /** Ids of one batch lie side by side, which is where an index likes them. */
  readonly #prefix = newId().slice(0, 12)
  #contributed: ContributedId[] = []

  constructor(needs: BuilderNeeds) {
    this.#needs = needs
  }

  /** @returns what this record is the first to bring */
  async add({ facts, source }: WaitingRecord): Promise<readonly ContributedId[]> {
    this.#contributed = []
    for (const fact of facts) {
      if (fact.fact === 'prompt') await this.#addPrompt(fact.prompt, fact, source)
      else if (fact.fact === 'answer') await this.#addAnswerFact(fact, source)
      else await this.#addBattle(fact, source)
    }
    return this.#contributed
  }

  take(): BatchContent {
    return {
      models: this.#needs.models.takeAdded(),
      prompts: [...this.#prompts.values()],
      answers: [...this.#answers.values()],
      battles: [...this.#battles.values()],
      votes: [...this.#votes.values()],
      keys: Buffer.concat(this.#keys),
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
    const { conversation } = battle
    const votes = waiting.votes.filter((vote) => !isKnownVote(vote, this.#needs.keys))
    if (id === null && votes.length === 0) return
    const label = this.#needs.source ?? battle.own?.source ?? (battle.own ? '' : source)
    const models = this.#findModels(battle.models)
    const labels = await this.#labelBattle(waiting)
    const texts =
      conversation && (await this.#addConversation(waiting, { conversation, models, labels, source: label }))
    const base = {
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
    if (id !== null) this.#putBattle({ ...base, id: BattleId.parse(id) })
    for (const vote of votes) {
      const voteId = this.#nextVoteId(vote)
      if (this.#votes.has(voteId)) continue
      if (id === null) this.#putBattle({ ...base, id: BattleId.parse(voteId) })
      this.#putVote(
        toVote(vote.vote, { ...base, id: BattleId.parse(id ?? voteId) }, { voteId, waiting, at: this.#needs.at }),
      )
      if (vote.key) this.#keys.push(vote.key)
    }
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

  #putVote(vote: ImportedVote): void {
    this.#votes.set(vote.id, vote)
    this.#contributed.push(`vote ${vote.id}`)
  }

  #nextVoteId({ vote }: WaitingVote): VoteId {
    if (vote.ownId !== null) return toOwnVoteId(vote.ownId)
    return VoteId.parse(this.#prefix + this.#votes.size.toString(36).padStart(INDEX_LENGTH, '0'))
  }
}

function toVote(
  vote: VoteFact,
  battle: ImportedBattle,
  { voteId, waiting, at }: { voteId: VoteId; waiting: WaitingBattle; at: number },
): ImportedVote {
  const { judge } = vote
  return {
    id: voteId,
    battleId: battle.id,
    arena: battle.arena,
    models: battle.models,
    turn: waiting.battle.turn,
    outcome: vote.outcome,
    language: battle.language,
    categories: battle.categories,
    at: vote.at ?? at,
    source: battle.source,
    voterId: judge === null ? VoterId.parse(voteId) : voterIdOf(judge),
    judge,
    isBlind: vote.isBlind,
    isLeaked: vote.isLeaked ?? battle.identityLeaked,
    excluded: vote.excluded,
    strength: vote.strength,
    weight: vote.weight,
    style: vote.style,
    history: historyOf(vote, waiting),
    hasOwnId: vote.ownId !== null,
  }
}

function historyOf({ judge, replaces }: VoteFact, { id }: WaitingBattle): ImportedVote['history'] {
  if (judge === null || id === null) {
    return replaces ? { kind: 'named', id: toOwnVoteId(replaces) } : { kind: 'alone' }
  }
  if (replaces === undefined) return { kind: 'latest' }
  return { kind: 'named', id: replaces === null ? null : toOwnVoteId(replaces) }
}
