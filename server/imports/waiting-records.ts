import type { PerSide } from '../../contract/outcome.ts'
import type { VoteId } from '../../contract/ids.ts'
import { battleIdOf, digestVote, hashConversation, toOwnBattleId, toOwnVoteId, voteKey } from './identity.ts'
import type { BattleFact, ImportedFact, VoteFact } from './imported-facts.ts'
import type { KeyTable } from './key-table.ts'

/** A record that waits for its batch, with what only its place among all records tells. */
export interface WaitingRecord {
  readonly source: string
  readonly facts: readonly WaitingFact[]
}

export type WaitingFact = Exclude<ImportedFact, BattleFact> | WaitingBattle | WaitingBareVote

export interface WaitingBattle {
  readonly fact: 'battle'
  readonly battle: BattleFact
  readonly arena: string
  readonly id: string
  readonly votes: readonly WaitingVote[]
}

/** A vote on a battle of which nothing is known but the models. */
export interface WaitingBareVote extends WaitingVote {
  readonly fact: 'bare'
  readonly battle: BattleFact
  readonly arena: string
}

export interface WaitingVote {
  readonly vote: VoteFact
  /** Null when the vote has an id of its own. */
  readonly key: string | null
  /** How many votes that say the same came before it. */
  readonly before: number
  /** Equal votes are true repeats, as far as anybody can tell. */
  readonly mayRepeat: boolean
}

interface WaitingPlace {
  /** The arena that was asked for; null leaves each battle where it was. */
  readonly arena: string | null
  readonly keys: KeyTable
}

export function toWaiting(facts: readonly ImportedFact[], source: string, to: WaitingPlace): WaitingRecord {
  const [only, ...others] = facts
  // Two million records with one bare vote each go this way.
  if (only?.fact === 'battle' && others.length === 0) return { source, facts: toWaitingBattle(only, to) }
  return { source, facts: facts.flatMap((fact) => (fact.fact === 'battle' ? toWaitingBattle(fact, to) : [fact])) }
}

function toWaitingBattle(told: BattleFact, { arena: wanted, keys }: WaitingPlace): WaitingFact[] {
  const arena = wanted ?? told.own?.arena ?? DEFAULT_ARENA
  const battle = told.isSideOpen ? pickSides(told, arena) : told
  const { models, conversation, item, turn, ownId } = battle
  const hashes: PerSide<string | null> = conversation === null ? UNKNOWN : hashConversation(conversation)
  const isShared = conversation !== null || item !== null
  const wait = (vote: VoteFact): WaitingVote => {
    if (vote.ownId !== null) return { vote, key: null, before: 0, mayRepeat: false }
    const { outcome, judge, at } = vote
    const key = voteKey({ arena, models, hashes, item, turn, outcome, judge, at })
    return { vote, key, before: keys.countSeen(key), mayRepeat: judge === null || !isShared }
  }
  const ownVote = battle.votes.find((vote) => vote.ownId !== null)?.ownId ?? null
  if (ownId === null && ownVote === null && !isShared) {
    return battle.votes.map((vote): WaitingBareVote => {
      const { key, before, mayRepeat } = wait(vote)
      return { fact: 'bare', battle, arena, vote, key, before, mayRepeat }
    })
  }
  const named = ownId ?? (isShared ? null : ownVote)
  const id = named === null ? battleIdOf({ arena, models, hashes, item, turn }) : toOwnBattleId(named)
  return [{ fact: 'battle', battle, arena, id, votes: battle.votes.map(wait) }]
}

const UNKNOWN: PerSide<null> = { a: null, b: null }

/** The better answer must not always be on the same side; the last byte of its key is as good as a coin. */
function pickSides(battle: BattleFact, arena: string): BattleFact {
  const { models, conversation, item, turn, votes } = battle
  const [vote] = votes
  if (!vote) return battle
  const hashes = hashConversation(conversation)
  const digest = digestVote({
    arena,
    models,
    hashes,
    item,
    turn,
    outcome: vote.outcome,
    judge: vote.judge,
    at: vote.at,
  })
  return digest.charCodeAt(digest.length - 1) % 2 === 0 ? battle : swapSides(battle)
}

function swapSides(battle: BattleFact): BattleFact {
  const swap = <T>({ a, b }: PerSide<T>): PerSide<T> => ({ a: b, b: a })
  const { conversation } = battle
  const turns = conversation?.turns.map(({ prompt, answers }) => ({ prompt, answers: swap(answers) }))
  return {
    ...battle,
    models: swap(battle.models),
    conversation: conversation && turns ? { ...conversation, turns } : null,
    votes: battle.votes.map((vote) => ({ ...vote, outcome: vote.outcome === 'a' ? 'b' : 'a' })),
  }
}

export const DEFAULT_ARENA = 'text'

/** True when the vote is one that an earlier import, or an earlier record of this one, has brought. */
export function isKnownVote({ key, before, mayRepeat }: WaitingVote, keys: KeyTable): boolean {
  if (key === null) return false
  const stored = keys.storedCount(key)
  return mayRepeat ? before < stored : stored + before > 0
}

/** Ids that came with votes and tell them apart. */
export function listOwnVotes(facts: readonly WaitingFact[]): VoteId[] {
  return facts.flatMap((fact) =>
    fact.fact === 'battle'
      ? fact.votes.flatMap(({ vote }) => (vote.ownId === null ? [] : toOwnVoteId(vote.ownId)))
      : [],
  )
}

/** Texts of a record, in characters: what a batch may weigh. */
export function weighFacts(facts: readonly ImportedFact[]): number {
  let weight = 0
  for (const fact of facts) {
    if (fact.fact === 'battle' && fact.conversation === null) continue
    if (fact.fact === 'prompt') weight += fact.prompt.text.length
    else if (fact.fact === 'answer') weight += fact.prompt.text.length + fact.response.length
    else
      for (const { prompt, answers } of fact.conversation?.turns ?? [])
        weight += prompt.length + answers.a.length + answers.b.length
  }
  return weight
}
