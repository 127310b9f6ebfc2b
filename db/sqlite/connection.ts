import BetterSqlite, { type Database as Connection, type Statement } from 'better-sqlite3'
import { sql, type SQL, type SQLWrapper } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/sqlite-proxy'
import { StoreError } from '../store.ts'
import type { Database } from './kit.ts'
import { translateError } from './sqlite-errors.ts'

export type { Connection }

/** `PRAGMA synchronous`: every commit waits for the disk. */
const FULL = 2

/** Waiting for a lock blocks the event loop, so it is short; callers wait asynchronously and try again. */
const BUSY_TIMEOUT_MS = 5

/**
 * Pages (4 kB) after which the write-ahead log is merged. Ids are random, so every group touches hundreds of pages of
 * the indexes; merged eight times more seldom, most of them are written once instead of eight times.
 */
const CHECKPOINT_PAGES = 8_000

/** Builders with lists of different lengths make different texts; more of them than this are not worth keeping. */
const KEPT_STATEMENTS = 200

/**
 * Opens one connection. The settings are per connection and their defaults differ between a new and a reopened file,
 * hence they are set here, every time, and durability is read back.
 */
export function openConnection(file: string, { readonly }: { readonly: boolean }): Connection {
  try {
    const connection = new BetterSqlite(file, { readonly, fileMustExist: readonly, timeout: BUSY_TIMEOUT_MS })
    configure(connection, readonly)
    return connection
  } catch (error) {
    throw translateError(error)
  }
}

function configure(connection: Connection, readonly: boolean): void {
  if (!readonly) connection.pragma('journal_mode = WAL')
  connection.pragma('synchronous = FULL')
  connection.pragma('foreign_keys = ON')
  connection.pragma('trusted_schema = OFF')
  connection.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
  connection.pragma(`journal_size_limit = ${64 * 1024 * 1024}`)
  const synchronous = connection.pragma('synchronous', { simple: true })
  const journal = connection.pragma('journal_mode', { simple: true })
  if (synchronous !== FULL || (!readonly && journal !== 'wal')) {
    connection.close()
    throw new StoreError(
      'unavailable',
      `${connection.name} would not be durable (synchronous=${String(synchronous)}, journal_mode=${String(journal)})`,
    )
  }
}

/** The query builder over one connection. Statements run at once; only the answer is a promise. */
export function buildDatabase(connection: Connection): Database {
  const statements = new Map<string, Statement<unknown[], unknown[]>>()
  const prepare = (text: string) => {
    const kept = statements.get(text)
    if (kept) return kept
    const statement = connection.prepare<unknown[], unknown[]>(text)
    if (statement.reader) statement.raw()
    if (statements.size >= KEPT_STATEMENTS)
      for (const oldest of statements.keys()) {
        statements.delete(oldest)
        break
      }
    statements.set(text, statement)
    return statement
  }
  return drizzle(async (text, parameters, method) => {
    const statement = prepare(text)
    if (method === 'get') return { rows: statement.get(...parameters) ?? [] }
    if (statement.reader) return { rows: statement.all(...parameters) }
    statement.run(...parameters)
    return { rows: [] }
  })
}

/** The list travels as JSON. */
export function isAnyOf(column: SQLWrapper, ids: readonly string[]): SQL {
  return sql`${column} in (select value from json_each(${JSON.stringify(ids)}))`
}
