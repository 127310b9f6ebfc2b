import type { RevealedBattle, RevealedModel } from '../contract/battle.ts'
import type { LeaderboardRow } from '../contract/leaderboard.ts'
import type { BattleRecord, ModelRecord, VoteRecord } from '../db/store.ts'
import type { Contestants } from './battles/contestants.ts'
import { toPendingView } from './battles/battle-views.ts'
import type { LeaderboardService } from './leaderboard/leaderboard-service.ts'
import { toCastVote } from './votes/vote-service.ts'

/** Where battles, votes and the leaderboard meet: what a voter learns once the vote is stored. */
const MEAN_RATING = 1_000

interface RevealNeeds {
  readonly leaderboard: LeaderboardService
  readonly arena: string
  /** How far the vote moved the rating; null when it did not count or that is not known any more. */
  readonly change: number | null
}

export function revealModel(model: ModelRecord, { leaderboard, arena, change }: RevealNeeds): RevealedModel {
  const { name, organization, license, sample } = model
  const row = leaderboard.findRow(arena, name)
  const before = row?.rating ?? (change === null ? null : MEAN_RATING)
  return {
    name,
    organization,
    license,
    sample,
    change,
    rating: before === null ? null : before + (change ?? 0),
    margin: marginOf(row),
    preliminary: row?.preliminary ?? true,
  }
}

function marginOf(row: LeaderboardRow | undefined): number | null {
  const { lower = null, upper = null } = row ?? {}
  return lower === null || upper === null ? null : (upper - lower) / 2
}

export function revealVoted(
  battle: BattleRecord,
  vote: VoteRecord,
  needs: { contestants: Contestants; leaderboard: LeaderboardService; now: number; withdrawMs: number },
): RevealedBattle {
  const { contestants, leaderboard } = needs
  const { arena } = battle
  return {
    ...toPendingView(battle),
    status: 'revealed',
    reveal: {
      a: revealModel(contestants.get(battle.models.a), { leaderboard, arena, change: null }),
      b: revealModel(contestants.get(battle.models.b), { leaderboard, arena, change: null }),
    },
    vote: vote.withdrawn ? null : toCastVote(vote, needs),
  }
}
