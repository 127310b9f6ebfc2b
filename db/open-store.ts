import { buildStore } from './arena-store.ts'
import { SILENT_LOGGER, type ReadingEngine, type StoreLogger } from './engine.ts'
import { buildExportSource } from './export-queries.ts'
import type { ExportSource, Store, VoteLogReader } from './store.ts'

export type { StoreLogger } from './engine.ts'

/** Where an arena is remembered: on a PostgreSQL server when there is a URL, else in a folder. */
export interface StoreLocation {
  readonly dataDir: string
  /** Empty or undefined: the arena is a file in `dataDir`. */
  readonly databaseUrl: string | undefined
}

export interface OpenStoreOptions extends StoreLocation {
  /** Tells this process from others that share the database. */
  readonly nodeId: string
  readonly logger?: StoreLogger
}

/*
 * An engine is loaded when it is used: half of the start of a process would otherwise be the driver of the other one.
 */

/** Opens the store, brings its shape up to date and checks that it is durable. */
export async function openStore({
  dataDir,
  databaseUrl,
  nodeId,
  logger = SILENT_LOGGER,
}: OpenStoreOptions): Promise<Store> {
  if (databaseUrl) {
    const { openPostgresEngine } = await import('./postgres/postgres-engine.ts')
    return buildStore(await openPostgresEngine({ url: databaseUrl, nodeId, logger }))
  }
  const { openSqliteEngine } = await import('./sqlite/sqlite-engine.ts')
  return buildStore(openSqliteEngine(dataDir, logger))
}

/** Opens the vote log for reading, on a connection of its own, beside a running server. */
export async function openVoteLogReader(
  { dataDir, databaseUrl }: StoreLocation,
  logger: StoreLogger = SILENT_LOGGER,
): Promise<VoteLogReader> {
  if (databaseUrl) {
    const { openPostgresLogReader } = await import('./postgres/log-follower.ts')
    return openPostgresLogReader(databaseUrl, logger)
  }
  const { openSqliteLogReader } = await import('./sqlite/log-follower.ts')
  return openSqliteLogReader(dataDir)
}

/** Opens what exports read, on a connection of its own, beside a running server. */
export async function openExportSource(
  { dataDir, databaseUrl }: StoreLocation,
  logger: StoreLogger = SILENT_LOGGER,
): Promise<ExportSource & { close(): Promise<void> }> {
  const engine = await openReadingEngine({ dataDir, databaseUrl }, logger)
  return { ...buildExportSource(engine), close: () => engine.close() }
}

async function openReadingEngine({ dataDir, databaseUrl }: StoreLocation, logger: StoreLogger): Promise<ReadingEngine> {
  if (databaseUrl) {
    const { openPostgresReadingEngine } = await import('./postgres/reading-engine.ts')
    return openPostgresReadingEngine(databaseUrl, logger)
  }
  const { openSqliteReadingEngine } = await import('./sqlite/reading-engine.ts')
  return openSqliteReadingEngine(dataDir)
}

/** Copies the arena into `file`, complete or not at all, also while a server is running. */
export async function backUpStore(
  { dataDir, databaseUrl }: StoreLocation,
  file: string,
): Promise<{ sizeBytes: number }> {
  if (databaseUrl) {
    const { refuseBackup } = await import('./postgres/backup.ts')
    return refuseBackup(file)
  }
  const { backUpDataDir } = await import('./sqlite/backup.ts')
  return backUpDataDir(dataDir, file)
}

/** Puts a backup in the place of the arena, while no server is running. What was there is kept beside it. */
export async function restoreStore(
  { dataDir, databaseUrl }: StoreLocation,
  file: string,
): Promise<{ keptAs: string | null }> {
  if (databaseUrl) {
    const { refuseRestore } = await import('./postgres/backup.ts')
    return refuseRestore(file)
  }
  const { restoreDataDir } = await import('./sqlite/restore.ts')
  return restoreDataDir(dataDir, file)
}
