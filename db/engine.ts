import type { SQL, SQLWrapper } from 'drizzle-orm'
import type { BattleId } from '../contract/ids.ts'
import type { ImportedEntry } from './imported-entries.ts'
import type { ImportedVote } from './import-sink.ts'
import type { Schema } from './schema.ts'
import type { Database } from './sqlite/kit.ts'
import type {
  LoggedVote,
  NewVote,
  NewWithdrawal,
  StoreHealth,
  VoteLogCursor,
  VoteLogReader,
  VoteResult,
  WithdrawalResult,
} from './store.ts'

/**
 * What differs between the places where an arena can be remembered. Everything else is written once, against
 * `Database` and `Schema`. Errors leave an engine as `StoreError`, except those that are bugs of the caller.
 */
export interface Engine extends Omit<VoteLogReader, 'listModels'> {
  readonly name: string
  readonly schema: Schema
  /** A condition for many ids at once. One parameter, so the statement is the same however many there are. */
  isAnyOf(column: SQLWrapper, ids: readonly string[]): SQL
  /** Single statements that see only what is committed. */
  read<T>(work: (db: Database) => Promise<T>): Promise<T>
  /** All or nothing, on disk when the promise resolves. The work may run again after a conflict and awaits nothing else. */
  transact<T>(work: (db: Database) => Promise<T>): Promise<T>
  /** The same for an import, whose battles and votes are too many for the query builder. */
  transactBulk<T>(work: (writer: BulkWriter) => Promise<T>): Promise<T>
  appendVote(vote: NewVote): Promise<VoteResult>
  appendWithdrawal(withdrawal: NewWithdrawal): Promise<WithdrawalResult>
  /** Where the log ends for a reader that begins now. */
  findLogEnd(): Promise<VoteLogEnd>
  /** All entries of some battles up to a place of the log, in log order. */
  readBattleLog(battleIds: readonly BattleId[], upTo: VoteLogCursor): Promise<LoggedVote[]>
  checkHealth(): Promise<StoreHealth>
  backup(file: string): Promise<{ sizeBytes: number }>
}

export interface BulkWriter {
  readonly db: Database
  /** Returns the ids of those that were not there before. */
  insertBattles(battles: readonly BattleRow[]): Promise<ReadonlySet<string>>
  /** All of them must be new. */
  appendEntries(entries: readonly ImportedEntry[]): Promise<void>
  /** Appends votes on battles of which nothing else is known. All of them must be new. */
  appendBare(votes: readonly ImportedVote[]): Promise<void>
}

export type BattleRow = Omit<Schema['battles']['$inferSelect'], 'categories'> & {
  /** JSON text. */
  readonly categories: string
}

/** As much of an engine as reading the log and the battles takes; beside a server it is opened on its own. */
export type ReadingEngine = Pick<
  Engine,
  'schema' | 'isAnyOf' | 'read' | 'readVoteLog' | 'findLogEnd' | 'readBattleLog' | 'close'
>

export interface VoteLogEnd {
  /** Null for an empty log. */
  readonly cursor: VoteLogCursor | null
  readonly entries: number
}

/** As much of a logger as storage needs; pino's fits. */
export interface StoreLogger {
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

export const SILENT_LOGGER: StoreLogger = { info: () => undefined, warn: () => undefined, error: () => undefined }
