import type { BattleId, ModelId, VoteId, VoterId } from '../../contract/ids.ts'
import type { Outcome } from '../../contract/outcome.ts'
import { CategoryCache } from '../category-cache.ts'
import { StoreError, type LoggedVote, type UncountedReason, type VoteLogCursor, type VoteLogPage } from '../store.ts'
import type { Connection } from './connection.ts'
import { translateError } from './sqlite-errors.ts'

/** Arrays instead of objects: this statement carries every vote of the arena at every start. */
type Row = [
  position: number,
  id: VoteId,
  kind: 'vote' | 'withdrawal',
  battleId: BattleId,
  arena: string,
  modelA: ModelId,
  modelB: ModelId,
  voterId: VoterId,
  turn: number,
  outcome: Outcome,
  mark: UncountedReason | null,
  supersedes: VoteId | null,
  at: number,
  categories: string,
  language: string,
]

/** Builds the function that reads pages of the log; positions are dense, so a missing entry is seen at once. */
export function buildLogReader(connection: Connection): (cursor: VoteLogCursor | null, limit: number) => VoteLogPage {
  const statement = connection
    .prepare<[number, number], Row>(
      `SELECT entry.position, entry.id, entry.kind, entry.battle_id, entry.arena, entry.model_a, entry.model_b,
         entry.voter_id, entry.turn, entry.outcome, entry.mark, entry.supersedes, entry.at,
         battle.categories, battle.language
       FROM vote_log AS entry JOIN battles AS battle ON battle.id = entry.battle_id
       WHERE entry.position > ? ORDER BY entry.position LIMIT ?`,
    )
    .raw()
  const categories = new CategoryCache()

  return (cursor, limit) => {
    const after = parseCursor(cursor)
    const rows = readRows(() => statement.all(after, limit))
    const end = rows.at(-1)?.[0] ?? after
    if (end !== after + rows.length) {
      throw new StoreError(
        'corrupt',
        `The vote log has lost entries between ${after + 1} and ${end}: stop, then run "ringside restore FILE" with a backup`,
      )
    }
    return { entries: rows.map((row) => toLoggedVote(row, categories)), cursor: end === 0 ? null : String(end) }
  }
}

function readRows<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw translateError(error)
  }
}

function parseCursor(cursor: VoteLogCursor | null): number {
  if (cursor === null) return 0
  if (!/^\d{1,15}$/.test(cursor)) throw new Error(`"${cursor}" is no place in this vote log`)
  return Number(cursor)
}

function toLoggedVote(row: Row, categories: CategoryCache): LoggedVote {
  return {
    id: row[1],
    kind: row[2],
    battleId: row[3],
    arena: row[4],
    models: { a: row[5], b: row[6] },
    voterId: row[7],
    turn: row[8],
    outcome: row[9],
    uncounted: row[10],
    supersedes: row[11],
    categories: categories.parse(row[13]),
    language: row[14],
    at: row[12],
  }
}
