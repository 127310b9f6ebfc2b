import { randomBytes } from 'node:crypto'
import { AnswerId, BattleId, PromptId, VoteId, VoterId } from '../../contract/ids.ts'
import {
  IMPORT_KEY_BYTES,
  type ImportBatch,
  type ImportedAnswer,
  type ImportedBattle,
  type ImportedPrompt,
  type ImportedVote,
  type Store,
} from '../../db/store.ts'
import { NOON, type Arena } from './arena-facts.ts'

let count = 0
const next = (kind: string) => `${kind}-${String((count += 1)).padStart(8, '0')}`

export function importedPromptOf(changes: Partial<ImportedPrompt> = {}): ImportedPrompt {
  const key = next('prompt-key')
  return {
    id: PromptId.parse(next('i-prompt')),
    key,
    arena: 'text',
    text: `Prompt of ${key}`,
    system: null,
    context: null,
    language: 'en',
    categories: ['language-en'],
    source: 'set one',
    ...changes,
  }
}

export function importedAnswerOf(
  changes: Partial<ImportedAnswer> & Pick<ImportedAnswer, 'promptId' | 'modelId'>,
): ImportedAnswer {
  return {
    id: AnswerId.parse(next('i-answer')),
    key: next('answer-key'),
    text: 'An answer.',
    identityLeaked: false,
    ...changes,
  }
}

export function importedBattleOf({ models }: Arena, changes: Partial<ImportedBattle> = {}): ImportedBattle {
  return {
    id: BattleId.parse(next('i-battle')),
    arena: 'text',
    models,
    language: 'en',
    categories: ['language-en'],
    identityLeaked: false,
    source: 'set one',
    system: null,
    gold: null,
    conversation: null,
    ...changes,
  }
}

export function importedVoteOn(battle: ImportedBattle, changes: Partial<ImportedVote> = {}): ImportedVote {
  const id = VoteId.parse(next('i-vote'))
  return {
    id,
    battleId: battle.id,
    arena: battle.arena,
    models: battle.models,
    turn: 1,
    outcome: 'a',
    language: battle.language,
    categories: battle.categories,
    at: NOON,
    source: battle.source,
    voterId: VoterId.parse(id),
    judge: null,
    isBlind: true,
    isLeaked: false,
    excluded: null,
    strength: null,
    weight: 1,
    style: null,
    history: { kind: 'alone' },
    hasOwnId: false,
    ...changes,
  }
}

export function judgedBy(judge: string): Pick<ImportedVote, 'judge' | 'voterId' | 'history'> {
  return { judge, voterId: VoterId.parse(`judge-of-${judge}`), history: { kind: 'latest' } }
}

export async function batchOf(store: Store, changes: Partial<ImportBatch>): Promise<ImportBatch> {
  return {
    after: await lastRun(store),
    token: next('token'),
    arena: 'text',
    source: 'set one',
    at: NOON,
    keys: randomBytes((changes.votes?.length ?? 0) * IMPORT_KEY_BYTES),
    models: [],
    prompts: [],
    answers: [],
    battles: [],
    votes: [],
    ...changes,
  }
}

export async function lastRun(store: Store): Promise<number> {
  for (let after = 0; ;) {
    const run = await store.readImportRun(after)
    if (!run) return after
    after = run.position
  }
}

/** Stores a batch and says how many things were new. */
export async function importInto(store: Store, changes: Partial<ImportBatch>) {
  const result = await store.importBatch(await batchOf(store, changes))
  if (result.kind === 'outdated') throw new Error('the batch was outdated')
  const { models, prompts, answers, battles, votes } = result.created
  return {
    models: models.size,
    prompts: prompts.size,
    answers: answers.size,
    battles: battles.size,
    votes: votes.size,
  }
}
