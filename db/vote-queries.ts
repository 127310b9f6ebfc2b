import { and, desc, eq } from 'drizzle-orm'
import type { BattleId, VoterId } from '../contract/ids.ts'
import type { Schema } from './schema.ts'
import type { Database } from './sqlite/kit.ts'
import type { VoteRecord } from './store.ts'
import { toVoteRecord } from './vote-decisions.ts'

/** A voter's last vote on a battle; a vote that was taken back is still found, and says so. */
export async function findVote(
  db: Database,
  { voteLog }: Schema,
  battleId: BattleId,
  voterId: VoterId,
): Promise<VoteRecord | undefined> {
  const [last, before] = await db
    .select()
    .from(voteLog)
    .where(and(eq(voteLog.battleId, battleId), eq(voteLog.voterId, voterId)))
    .orderBy(desc(voteLog.revision))
    .limit(2)
  if (last?.kind === 'vote') return toVoteRecord({ ...last, battleId }, false)
  return before && toVoteRecord({ ...before, battleId }, true)
}
