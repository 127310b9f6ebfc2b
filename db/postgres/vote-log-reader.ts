import type pg from 'pg'
import type { BattleId } from '../../contract/ids.ts'
import type { VoteLogEnd } from '../engine.ts'
import { FIELD_SEPARATOR, type LogRow, type LogRowParser } from '../log-labels.ts'
import type { LoggedVote, VoteLogCursor, VoteLogPage } from '../store.ts'

/** Ordered by the columns, not by the texts that are selected under the same names. */
const LOG_COLUMNS = `id, coalesce(battle_id, id), voter_id, supersedes, at::float8,
      concat_ws('${FIELD_SEPARATOR}', arena, model_a, model_b),
      concat_ws('${FIELD_SEPARATOR}', kind, outcome, coalesce(mark, CASE WHEN excluded IS NULL THEN '' ELSE 'excluded' END), turn, language, categories),
      xid::text, position::text`

/** Transactions older than all that are running can have no entry still to come: up to there the order is settled. */
const IS_SETTLED = 'xid < pg_snapshot_xmin(pg_current_snapshot())'

const READ_PAGE = {
  name: 'read-vote-log',
  rowMode: 'array' as const,
  text: `SELECT ${LOG_COLUMNS} FROM vote_log
    WHERE (xid, position) > ($1::xid8, $2::int8) AND ${IS_SETTLED}
    ORDER BY vote_log.xid, vote_log.position LIMIT $3`,
}

const READ_BATTLES = {
  name: 'read-battle-log',
  rowMode: 'array' as const,
  text: `SELECT ${LOG_COLUMNS} FROM vote_log
    WHERE (battle_id = ANY($1::text[]) OR (battle_id IS NULL AND id = ANY($1::text[]))) AND (xid, position) <= ($2::xid8, $3::int8)
    ORDER BY vote_log.xid, vote_log.position`,
}

type Row = [...LogRow, xid: string, position: string]

/** Reads a page of the log: no entry is skipped, also when transactions commit in another order than they began. */
export async function readVoteLogPage(
  client: pg.ClientBase,
  { cursor, limit, parser }: { cursor: VoteLogCursor | null; limit: number; parser: LogRowParser },
): Promise<VoteLogPage> {
  const { rows } = await client.query<Row>({ ...READ_PAGE, values: [...parseCursor(cursor), limit] })
  const last = rows.at(-1)
  return { entries: rows.map((row) => parser.parse(row)), cursor: last ? `${last[7]}.${last[8]}` : cursor }
}

/** All entries of some battles up to a place of the log. */
export async function readBattleLog(
  client: pg.ClientBase,
  { battleIds, upTo, parser }: { battleIds: readonly BattleId[]; upTo: VoteLogCursor; parser: LogRowParser },
): Promise<LoggedVote[]> {
  const { rows } = await client.query<Row>({ ...READ_BATTLES, values: [battleIds, ...parseCursor(upTo)] })
  return rows.map((row) => parser.parse(row))
}

/** One statement, so that place and number are of one moment. */
export async function findLogEnd(client: pg.ClientBase): Promise<VoteLogEnd> {
  const { rows } = await client.query<{ cursor: string | null; entries: number }>(
    `SELECT (SELECT xid::text || '.' || position::text FROM vote_log WHERE ${IS_SETTLED}
        ORDER BY vote_log.xid DESC, vote_log.position DESC LIMIT 1) AS cursor,
      (SELECT count(*) FROM vote_log WHERE ${IS_SETTLED})::float8 AS entries`,
  )
  return rows[0] ?? { cursor: null, entries: 0 }
}

function parseCursor(cursor: VoteLogCursor | null): [xid: string, position: string] {
  if (cursor === null) return ['0', '0']
  const [, xid, position] = /^(\d{1,20})\.(\d{1,19})$/.exec(cursor) ?? []
  if (xid === undefined || position === undefined) throw new Error(`"${cursor}" is no place in this vote log`)
  return [xid, position]
}
