import type { ReadingEngine } from '../engine.ts'
import { buildDatabase, isAnyOf, openConnection } from './connection.ts'
import { listDataFiles } from './data-files.ts'
import { schema } from './schema.ts'
import { translateError } from './sqlite-errors.ts'
import { buildBattleLogReader, buildLogReader, findLogEnd } from './vote-log-reader.ts'

/** Opens an arena for reading on a connection of its own, also while its server runs. */
export function openSqliteReadingEngine(dataDir: string): ReadingEngine {
  const connection = openConnection(listDataFiles(dataDir).database, { readonly: true })
  const database = buildDatabase(connection)
  const readLog = buildLogReader(connection)
  const readBattles = buildBattleLogReader(connection)
  return {
    schema,
    isAnyOf,
    read: (work) =>
      work(database).catch((error: unknown) => {
        throw translateError(error)
      }),
    readVoteLog: async (cursor, limit) => readLog(cursor, limit),
    findLogEnd: async () => findLogEnd(connection),
    readBattleLog: async (battleIds, upTo) => readBattles(battleIds, upTo),
    close: async () => void connection.close(),
  }
}
