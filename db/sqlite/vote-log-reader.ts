import { FIELD_SEPARATOR, LogRowParser, type LogRow } from '../log-labels.ts'
import { StoreError, type VoteLogCursor, type VoteLogPage } from '../store.ts'
import type { Connection } from './connection.ts'
import { translateError } from './sqlite-errors.ts'

/** Arrays and few columns: this statement carries every vote of the arena at every start. */
const READ_PAGE = `SELECT id, battle_id, voter_id, supersedes, at,
    concat_ws('${FIELD_SEPARATOR}', arena, model_a, model_b),
    concat_ws('${FIELD_SEPARATOR}', kind, outcome, ifnull(mark, ''), turn, language, categories),
    position
  FROM vote_log WHERE position > ? ORDER BY position LIMIT ?`

type Row = [...LogRow, position: number]

/** Builds the function that reads pages of the log; positions are dense, so a missing entry is seen at once. */
export function buildLogReader(connection: Connection): (cursor: VoteLogCursor | null, limit: number) => VoteLogPage {
  const statement = connection.prepare<[number, number], Row>(READ_PAGE).raw()
  const parser = new LogRowParser()

  return (cursor, limit) => {
    const after = parseCursor(cursor)
    const rows = readRows(() => statement.all(after, limit))
    const end = rows.at(-1)?.[7] ?? after
    if (end !== after + rows.length) {
      throw new StoreError(
        'corrupt',
        `The vote log has lost entries between ${after + 1} and ${end}: stop, then run "ringside restore FILE" with a backup`,
      )
    }
    return { entries: rows.map((row) => parser.parse(row)), cursor: end === 0 ? null : String(end) }
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
