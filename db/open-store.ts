import { buildStore } from './arena-store.ts'
import { SILENT_LOGGER, type StoreLogger } from './engine.ts'
import { openSqliteLogReader } from './sqlite/log-follower.ts'
import { openSqliteEngine } from './sqlite/sqlite-engine.ts'
import type { Store, VoteLogReader } from './store.ts'

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
