import { buildStore } from './arena-store.ts'
import { SILENT_LOGGER, type StoreLogger } from './engine.ts'
import { backupDatabase } from './sqlite/backup.ts'
import { listDataFiles } from './sqlite/data-files.ts'
import { openSqliteLogReader } from './sqlite/log-follower.ts'
import { openSqliteEngine } from './sqlite/sqlite-engine.ts'
import { StoreError, type Store, type VoteLogReader } from './store.ts'

export type { StoreLogger } from './engine.ts'

/** Where an arena is remembered: in a folder, or on a server when there is a URL. */
export interface StoreLocation {
  readonly dataDir: string
  readonly databaseUrl: string | undefined
}

export interface OpenStoreOptions extends StoreLocation {
  readonly nodeId: string
  readonly logger?: StoreLogger
}

/** Opens the store, brings its shape up to date and checks that it is durable. The only writer of a DATA_DIR. */
export async function openStore({ dataDir, logger = SILENT_LOGGER }: OpenStoreOptions): Promise<Store> {
  return buildStore(openSqliteEngine(dataDir, logger))
}

/** Opens the vote log for reading, on a connection of its own, beside a running server. */
export async function openVoteLogReader({ dataDir }: StoreLocation): Promise<VoteLogReader> {
  return openSqliteLogReader(dataDir)
}

/**
 * Writes a consistent copy of an arena into `file`, complete or not at all, also while a server runs on it.
 * @throws StoreError for an arena on a database server, which has tools of its own for that
 */
export async function backUpStore(
  { dataDir, databaseUrl }: StoreLocation,
  file: string,
): Promise<{ sizeBytes: number }> {
  if (databaseUrl) throw new StoreError('unavailable', 'This arena is in PostgreSQL: back it up with pg_dump')
  return backupDatabase(listDataFiles(dataDir).database, file)
}
