import type { Schema } from './schema.ts'
import type { Database } from './sqlite/kit.ts'
import type { NewVote, NewWithdrawal, StoreHealth, VoteLogReader, VoteResult, WithdrawalResult } from './store.ts'

/**
 * What differs between the places where an arena can be remembered. Everything else is written once, against
 * `Database` and `Schema`. Errors leave an engine as `StoreError`, except those that are bugs of the caller.
 */
export interface Engine extends Omit<VoteLogReader, 'listModels'> {
  readonly name: string
  readonly schema: Schema
  /** Single statements that see only what is committed. */
  read<T>(work: (db: Database) => Promise<T>): Promise<T>
  /** All or nothing, on disk when the promise resolves. The work may run again after a conflict and awaits nothing else. */
  transact<T>(work: (db: Database) => Promise<T>): Promise<T>
  appendVote(vote: NewVote): Promise<VoteResult>
  appendWithdrawal(withdrawal: NewWithdrawal): Promise<WithdrawalResult>
  checkHealth(): Promise<StoreHealth>
  backup(file: string): Promise<{ sizeBytes: number }>
}

/** As much of a logger as storage needs; pino's fits. */
export interface StoreLogger {
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

export const SILENT_LOGGER: StoreLogger = { info: () => undefined, warn: () => undefined, error: () => undefined }
