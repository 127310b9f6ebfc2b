import type { CastVote, Reveal } from '../../contract/battle.ts'
import type { BattleId, VoteId, VoterId } from '../../contract/ids.ts'
import type { Outcome, PerSide } from '../../contract/outcome.ts'
import type { ModelId } from '../../contract/ids.ts'
import type { Store, VoteRecord } from '../../db/store.ts'
import { AppError } from '../app-error.ts'
import type { Clock } from '../clock.ts'
import type { RateLimit } from '../rate-limit.ts'

export interface VoteServiceNeeds {
  readonly store: Pick<Store, 'recordVote' | 'recordWithdrawal'>
  readonly clock: Clock
  readonly withdrawMs: number
  readonly limit: RateLimit
  /** Names, ratings and what the vote did to them. Called only after the vote is stored. */
  readonly reveal: (vote: { arena: string; models: PerSide<ModelId>; outcome: Outcome | null }) => Reveal
  readonly observe: {
    /** Told of every new vote, after it is on disk. */
    recorded(vote: VoteRecord, tookMs: number): void
    withdrawn(): void
  }
}

export interface VoteRequest {
  readonly voteId: VoteId
  readonly voterId: VoterId
  readonly battleId: BattleId
  readonly turn: number
  readonly generation: number
  readonly outcome: Outcome
}

/** Casts and takes back votes. Every answer of it describes what is on disk. */
export class VoteService {
  readonly #needs: VoteServiceNeeds

  constructor(needs: VoteServiceNeeds) {
    this.#needs = needs
  }

  /**
   * Resolves once the vote is on disk, also when the same vote was recorded before.
   * @throws AppError when the vote was not taken: the log is as it was
   */
  async cast({ voteId, ...request }: VoteRequest): Promise<{ vote: CastVote; reveal: Reveal }> {
    const { store, clock, limit, observe } = this.#needs
    limit.take(request.voterId, 'votes')
    const startedMs = clock.monotonicMs()
    const result = await store.recordVote({ id: voteId, ...request, at: clock.now() })
    switch (result.kind) {
      case 'recorded':
        observe.recorded(result.vote, clock.monotonicMs() - startedMs)
        return this.#answer(result.vote, result.vote.uncounted === null ? result.vote.outcome : null)
      case 'repeated':
        return this.#answer(result.vote, null)
      case 'conflicting-id':
        throw new AppError(
          'vote/conflicting-id',
          'This vote id was used for another vote; make a new id for every vote',
        )
      case 'already-voted':
        throw new AppError('vote/already-voted', 'You have already voted on this battle; the first vote stands')
      case 'no-such-battle':
        throw new AppError('battle/not-found', 'There is no such battle of yours')
      case 'not-ready':
        throw new AppError('vote/not-ready', 'Voting opens when both answers have ended')
      case 'outdated':
        throw new AppError('vote/outdated', 'The answers have changed since; read the latest ones and vote again')
    }
  }

  async withdraw({
    voteId,
    supersedes,
    voterId,
  }: {
    voteId: VoteId
    supersedes: VoteId
    voterId: VoterId
  }): Promise<VoteRecord> {
    const { store, clock, withdrawMs, observe } = this.#needs
    const at = clock.now()
    const withdrawal = { id: voteId, supersedes, voterId, notBefore: at - withdrawMs, at }
    const result = await store.recordWithdrawal(withdrawal)
    switch (result.kind) {
      case 'withdrawn':
        observe.withdrawn()
        return result.vote
      case 'repeated':
        return result.vote
      case 'conflicting-id':
        throw new AppError('vote/conflicting-id', 'This id was used for another vote; make a new id for every entry')
      case 'no-such-vote':
        throw new AppError('vote/not-found', 'There is no such vote of yours')
      case 'too-late':
        throw new AppError('vote/too-late', 'The time to take this vote back is over')
      case 'not-the-last':
        throw new AppError('vote/too-late', 'Only your last vote can be taken back')
    }
  }

  #answer(vote: VoteRecord, outcome: Outcome | null): { vote: CastVote; reveal: Reveal } {
    const { clock, withdrawMs, reveal } = this.#needs
    const { arena, models } = vote
    return {
      vote: toCastVote(vote, { now: clock.now(), withdrawMs }),
      reveal: reveal({ arena, models, outcome }),
    }
  }
}

/** A stored vote as its voter sees it. */
export function toCastVote(vote: VoteRecord, { now, withdrawMs }: { now: number; withdrawMs: number }): CastVote {
  const ageMs = Math.max(0, now - vote.at)
  return {
    voteId: vote.id,
    turn: vote.turn,
    outcome: vote.outcome,
    counted: vote.uncounted === null,
    mark: vote.uncounted === 'excluded' ? null : vote.uncounted,
    withdrawMs: Math.max(0, Math.round(withdrawMs - ageMs)),
  }
}
