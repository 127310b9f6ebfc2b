import type pg from 'pg'
import { FIELD_SEPARATOR, type LogRow, type LogRowParser } from '../log-labels.ts'
import type { VoteLogCursor, VoteLogPage } from '../store.ts'

const READ_PAGE = {
  name: 'read-vote-log',
  rowMode: 'array' as const,
  // Ordered by the columns, not by the texts that are selected under the same names.
  // Transactions older than all that are running can have no entry still to come: up to there the order is settled.
  text: `SELECT id, battle_id, voter_id, supersedes, at::float8,
      concat_ws('${FIELD_SEPARATOR}', arena, model_a, model_b),
      concat_ws('${FIELD_SEPARATOR}', kind, outcome, coalesce(mark, ''), turn, language, categories),
      xid::text, position::text
    FROM vote_log
    WHERE (xid, position) > ($1::xid8, $2::int8) AND xid < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY vote_log.xid, vote_log.position LIMIT $3`,
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

function parseCursor(cursor: VoteLogCursor | null): [xid: string, position: string] {
  if (cursor === null) return ['0', '0']
  const [, xid, position] = /^(\d{1,20})\.(\d{1,19})$/.exec(cursor) ?? []
  if (xid === undefined || position === undefined) throw new Error(`"${cursor}" is no place in this vote log`)
  return [xid, position]
}
