import { AnswerId, BattleId, ModelId, PromptId, VoteId, VoterId } from '../../contract/ids.ts'
import type { Outcome, PerSide } from '../../contract/outcome.ts'
import type {
  GeneratedAnswer,
  LoggedVote,
  NewBattle,
  NewModel,
  NewTurn,
  NewVote,
  NewWithdrawal,
  PreparedAnswer,
  Store,
  TurnEnd,
  VoteLogReader,
} from '../../db/store.ts'

/** An hour in the year 2033, so that no fact depends on when the test runs. */
export const NOON = 2_000_000_000_000

let count = 0

/** A name that no other fact of this process has. */
function next(kind: string): string {
  count += 1
  return `${kind}-${String(count).padStart(8, '0')}`
}

export const newBattleId = () => BattleId.parse(next('battle'))
export const newVoteId = () => VoteId.parse(next('vote'))
export const newVoterId = () => VoterId.parse(next('voter'))

export function modelOf(name: string, changes: Partial<NewModel> = {}): NewModel {
  return {
    id: ModelId.parse(next('model')),
    name,
    organization: 'Aviary',
    license: 'MIT',
    endpoint: {
      baseUrl: 'http://127.0.0.1:9/v1',
      model: 'upstream',
      apiKeyEnv: 'OWL_KEY',
      systemPrompt: null,
      params: { temperature: 0.7 },
    },
    weight: 1,
    price: { input: 0.5, output: 1.5 },
    modalities: ['text'],
    sample: false,
    status: 'active',
    at: NOON,
    ...changes,
  }
}

/** Two models and a voter, with which battles can be held. */
export interface Arena {
  readonly store: Store
  readonly models: PerSide<ModelId>
  readonly voterId: VoterId
}

export async function setUpArena(store: Store): Promise<Arena> {
  const [a, b] = await store
    .upsertModels([modelOf(next('model-a')), modelOf(next('model-b'))])
    .then((all) => all.slice(-2))
  if (!a || !b) throw new Error('the models were not stored')
  return { store, models: { a: a.id, b: b.id }, voterId: await recordVoter(store) }
}

export async function recordVoter(store: Store): Promise<VoterId> {
  const id = newVoterId()
  await store.recordVoter({ id, tokenHash: next('token-hash'), at: NOON })
  return id
}

export function battleOf({ models, voterId }: Omit<Arena, 'store'>, changes: Partial<NewBattle> = {}): NewBattle {
  return {
    id: newBattleId(),
    arena: 'text',
    voterId,
    models,
    prompt: 'Which bird sees best at night?',
    language: 'en',
    categories: ['language-en', 'open-qa'],
    nodeId: 'node-one',
    at: NOON,
    prepared: null,
    ...changes,
  }
}

export function answerOf(text: string): GeneratedAnswer {
  return {
    id: AnswerId.parse(next('answer')),
    text,
    reasoning: '',
    finish: 'stop',
    promptTokens: 11,
    completionTokens: 7,
    firstTokenMs: 12.5,
    totalMs: 80.25,
  }
}

export function turnEndOf(battle: NewBattle, changes: Partial<TurnEnd> = {}): TurnEnd {
  return {
    battleId: battle.id,
    turn: 1,
    generation: 1,
    status: 'ready',
    failure: null,
    models: battle.models,
    answers: { a: answerOf('The owl.'), b: answerOf('The fox is no bird.') },
    identityLeaked: false,
    categories: battle.categories,
    at: NOON + 1_000,
    ...changes,
  }
}

export function turnOf(battle: NewBattle, changes: Partial<NewTurn>): NewTurn {
  return {
    battleId: battle.id,
    turn: 2,
    generation: 1,
    prompt: 'And by day?',
    categories: [...battle.categories, 'multi-turn'],
    nodeId: battle.nodeId,
    at: NOON + 2_000,
    ...changes,
  }
}

/** A live battle whose two answers have ended. */
export async function readyBattle(
  arena: Arena,
  changes: Partial<NewBattle> = {},
  end: Partial<TurnEnd> = {},
): Promise<NewBattle> {
  const battle = battleOf(arena, changes)
  await arena.store.recordBattle(battle)
  await arena.store.endTurn(turnEndOf(battle, end))
  return battle
}

export function voteOn(battle: NewBattle, outcome: Outcome = 'a', changes: Partial<NewVote> = {}): NewVote {
  return {
    id: newVoteId(),
    battleId: battle.id,
    voterId: battle.voterId,
    turn: 1,
    generation: 1,
    outcome,
    at: NOON + 5_000,
    ...changes,
  }
}

export function withdrawalOf(vote: NewVote, changes: Partial<NewWithdrawal> = {}): NewWithdrawal {
  return {
    id: newVoteId(),
    supersedes: vote.id,
    voterId: vote.voterId,
    notBefore: vote.at - 60_000,
    at: vote.at + 1_000,
    ...changes,
  }
}

export function preparedAnswerOf(
  changes: Partial<PreparedAnswer> & { modelId: ModelId; promptKey: string },
): PreparedAnswer {
  return {
    promptId: PromptId.parse(next('prompt')),
    arena: 'text',
    prompt: `Prompt ${changes.promptKey}`,
    language: 'ru',
    categories: ['language-ru', 'coding'],
    source: 'test set',
    answerId: AnswerId.parse(next('answer')),
    answerKey: next('key'),
    text: 'An answer.',
    identityLeaked: false,
    at: NOON,
    ...changes,
  }
}

/** Follows the log from its beginning until it has `length` entries, as a follower does: some may be late. */
export async function readLog(reader: VoteLogReader, length: number, pageSize = 1_000): Promise<LoggedVote[]> {
  const entries: LoggedVote[] = []
  const end = Date.now() + 20_000
  let cursor = null
  while (Date.now() < end) {
    const page = await reader.readVoteLog(cursor, pageSize)
    entries.push(...page.entries)
    cursor = page.cursor
    if (page.entries.length === 0 && entries.length >= length) return entries
    if (page.entries.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`the log has ${entries.length} entries, not ${length}`)
}
