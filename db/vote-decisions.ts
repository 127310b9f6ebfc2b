import type { BattleId, ModelId, VoteId, VoterId } from '../contract/ids.ts'
import type { Outcome } from '../contract/outcome.ts'
import type { NewVote, NewWithdrawal, VoteRecord, VoteResult, WithdrawalResult } from './store.ts'

/** One line of the vote log, as every engine stores it. */
export interface LogEntry {
  readonly id: VoteId
  readonly kind: 'vote' | 'withdrawal'
  readonly battleId: BattleId
  readonly voterId: VoterId
  /** Counts the entries of one voter on one battle, from 1. */
  readonly revision: number
  readonly arena: string
  readonly modelA: ModelId
  readonly modelB: ModelId
  readonly turn: number
  readonly generation: number
  readonly outcome: Outcome
  readonly mark: 'identity-leaked' | 'revealed' | null
  readonly supersedes: VoteId | null
  readonly language: string
  /** JSON text. */
  readonly categories: string
  readonly at: number
}

/** What a vote must know of its battle. */
export interface JudgedBattle {
  readonly arena: string
  readonly voterId: VoterId
  readonly modelA: ModelId
  readonly modelB: ModelId
  readonly status: 'streaming' | 'ready' | 'failed' | 'interrupted'
  readonly turn: number
  readonly generation: number
  readonly identityLeaked: boolean
  readonly language: string
  /** JSON text. */
  readonly categories: string
}

export interface Decision<Result> {
  /** What goes into the log, if anything does. */
  readonly append: LogEntry | null
  /** What the caller is told, once the append is on disk. */
  readonly answer: Result
}

export interface VoteFacts {
  readonly battle: JudgedBattle | undefined
  /** The entry that has the vote's id already. */
  readonly sameId: LogEntry | undefined
  /** The last entry of this voter on this battle. */
  readonly last: LogEntry | undefined
}

/** Whether a vote is appended, and as what. An engine calls it inside the atomic step that then appends. */
export function decideVote(vote: NewVote, { battle, sameId, last }: VoteFacts): Decision<VoteResult> {
  if (sameId) {
    // Entries of one voter on one battle alternate, so whatever follows a vote takes it back.
    const hasBeenWithdrawn = last !== undefined && last.revision > sameId.revision
    if (!isSameVote(vote, sameId)) return refuse({ kind: 'conflicting-id' })
    return refuse({ kind: 'repeated', vote: toVoteRecord(sameId, hasBeenWithdrawn) })
  }
  if (!battle || battle.voterId !== vote.voterId) return refuse({ kind: 'no-such-battle' })
  if (last?.kind === 'vote') return refuse({ kind: 'already-voted', vote: toVoteRecord(last, false) })
  if (vote.turn !== battle.turn || vote.generation !== battle.generation) return refuse({ kind: 'outdated' })
  if (battle.status !== 'ready') return refuse({ kind: 'not-ready' })
  const append = toVoteEntry(vote, battle, last)
  return { append, answer: { kind: 'recorded', vote: toVoteRecord(append, false) } }
}

const refuse = <Result>(answer: Result): Decision<Result> => ({ append: null, answer })

function toVoteEntry(vote: NewVote, battle: JudgedBattle, last: LogEntry | undefined): LogEntry {
  return {
    id: vote.id,
    kind: 'vote',
    battleId: vote.battleId,
    voterId: vote.voterId,
    revision: (last?.revision ?? 0) + 1,
    arena: battle.arena,
    modelA: battle.modelA,
    modelB: battle.modelB,
    turn: vote.turn,
    generation: vote.generation,
    outcome: vote.outcome,
    // Whoever has voted before has read the names, and that weighs more than an answer that hinted at them.
    mark: last ? 'revealed' : battle.identityLeaked ? 'identity-leaked' : null,
    supersedes: null,
    language: battle.language,
    categories: battle.categories,
    at: vote.at,
  }
}

function isSameVote(vote: NewVote, entry: LogEntry): boolean {
  return (
    entry.kind === 'vote' &&
    entry.battleId === vote.battleId &&
    entry.voterId === vote.voterId &&
    entry.turn === vote.turn &&
    entry.generation === vote.generation &&
    entry.outcome === vote.outcome
  )
}

export interface WithdrawalFacts {
  readonly sameId: LogEntry | undefined
  /** The entry that is to be taken back. */
  readonly target: LogEntry | undefined
  /** The last entry of this voter on any battle. */
  readonly lastOfVoter: LogEntry | undefined
}

/** Whether a vote is taken back. An engine calls it inside the atomic step that then appends. */
export function decideWithdrawal(
  withdrawal: NewWithdrawal,
  { sameId, target, lastOfVoter }: WithdrawalFacts,
): Decision<WithdrawalResult> {
  if (sameId) {
    const isSame = sameId.supersedes === withdrawal.supersedes && sameId.voterId === withdrawal.voterId
    if (!isSame || !target) return refuse({ kind: 'conflicting-id' })
    return refuse({ kind: 'repeated', vote: toVoteRecord(target, true) })
  }
  if (target?.kind !== 'vote' || target.voterId !== withdrawal.voterId) return refuse({ kind: 'no-such-vote' })
  if (lastOfVoter?.id !== target.id) return refuse({ kind: 'not-the-last' })
  if (target.at < withdrawal.notBefore) return refuse({ kind: 'too-late' })
  return {
    append: {
      ...target,
      id: withdrawal.id,
      kind: 'withdrawal',
      revision: target.revision + 1,
      supersedes: target.id,
      at: withdrawal.at,
    },
    answer: { kind: 'withdrawn', vote: toVoteRecord(target, true) },
  }
}

export function toVoteRecord(entry: LogEntry, withdrawn: boolean): VoteRecord {
  return {
    id: entry.id,
    battleId: entry.battleId,
    voterId: entry.voterId,
    models: { a: entry.modelA, b: entry.modelB },
    arena: entry.arena,
    turn: entry.turn,
    outcome: entry.outcome,
    uncounted: entry.mark,
    at: entry.at,
    withdrawn,
  }
}
