import { SILENT_LOGGER } from '../engine.ts'
import { GrowthBell } from '../growth-bell.ts'
import { listModels } from '../model-queries.ts'
import type { VoteLogReader } from '../store.ts'
import { buildDatabase, openConnection } from './connection.ts'
import { listDataFiles } from './data-files.ts'
import { schema } from './schema.ts'
import { translateError } from './sqlite-errors.ts'
import { buildLogReader } from './vote-log-reader.ts'

/** How often a follower on a connection of its own looks whether anybody has committed; one look costs microseconds. */
const LOOK_MS = 100

/** Opens the log of an arena for reading, beside its server: from a worker's thread or another process. */
export function openSqliteLogReader(dataDir: string): VoteLogReader {
  const connection = openConnection(listDataFiles(dataDir).database, { readonly: true })
  const readLog = buildLogReader(connection)
  const database = buildDatabase(connection)
  const bell = new GrowthBell(SILENT_LOGGER)
  const dataVersion = connection.prepare<[], number>('PRAGMA data_version').pluck()
  let seen = dataVersion.get()
  let timer: NodeJS.Timeout | undefined
  const look = () => {
    const version = dataVersion.get()
    if (version !== seen) bell.ring()
    seen = version
  }
  return {
    readVoteLog: async (cursor, limit) => readLog(cursor, limit),
    listModels: () =>
      listModels(database, schema).catch((error: unknown) => {
        throw translateError(error)
      }),
    onVoteLogGrowth: (listener) => {
      timer ??= setInterval(look, LOOK_MS).unref()
      return bell.listen(listener)
    },
    close: async () => {
      clearInterval(timer)
      connection.close()
    },
  }
}
