import type { BattleId } from '../../contract/ids.ts'
import type { VoteLogEnd } from '../engine.ts'
import { FIELD_SEPARATOR, LogRowParser, type LogRow } from '../log-labels.ts'
import { StoreError, type LoggedVote, type VoteLogCursor, type VoteLogPage } from '../store.ts'
import type { Connection } from './connection.ts'
import { translateError } from './sqlite-errors.ts'

/** Arrays and few columns: they carry every vote of the arena at every start. */
const LOG_COLUMNS = `id, coalesce(battle_id, id), voter_id, supersedes, at,
    concat_ws('${FIELD_SEPARATOR}', arena, model_a, model_b),
    concat_ws('${FIELD_SEPARATOR}', kind, outcome, coalesce(mark, iif(excluded IS NULL, '', 'excluded')), turn, language, categories),
    position`

const READ_PAGE = `SELECT ${LOG_COLUMNS} FROM vote_log WHERE position > ? ORDER BY position LIMIT ?`

const READ_BATTLES = `SELECT ${LOG_COLUMNS} FROM vote_log
  WHERE (battle_id IN (SELECT value FROM json_each(@ids))
    OR (battle_id IS NULL AND id IN (SELECT value FROM json_each(@ids)))) AND position <= @upTo ORDER BY position`

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

/** Builds the function that reads all entries of some battles up to a place of the log. */
export function buildBattleLogReader(
  connection: Connection,
): (battleIds: readonly BattleId[], upTo: VoteLogCursor) => LoggedVote[] {
  const statement = connection.prepare<{ ids: string; upTo: number }, Row>(READ_BATTLES).raw()
  const parser = new LogRowParser()
  return (battleIds, upTo) =>
    readRows(() => statement.all({ ids: JSON.stringify(battleIds), upTo: parseCursor(upTo) })).map((row) =>
      parser.parse(row),
    )
}

/** Positions are dense, so the last one is their number. */
export function findLogEnd(connection: Connection): VoteLogEnd {
  const last = readRows(() => connection.prepare<[], number | null>('SELECT max(position) FROM vote_log').pluck().get())
  return { cursor: last ? String(last) : null, entries: last ?? 0 }
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
