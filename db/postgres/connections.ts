import { setTimeout as wait } from 'node:timers/promises'
import { sql, type SQL, type SQLWrapper } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import type { StoreLogger } from '../engine.ts'
import type { Database } from '../sqlite/kit.ts'
import { StoreError } from '../store.ts'
import { toSharedDatabase } from './kit.ts'
import { findHindrance, translateError } from './postgres-errors.ts'

/** How long a fact may be tried before its caller is told that it cannot be stored. */
const PATIENCE_MS = 8_000
const FIRST_WAIT_MS = 10
const LONGEST_WAIT_MS = 500

/** Limits of every connection: nothing waits for ever, on either side of the wire. */
export const CONNECTION_LIMITS = {
  connectionTimeoutMillis: 5_000,
  statement_timeout: 10_000,
  lock_timeout: 5_000,
  idle_in_transaction_session_timeout: 30_000,
  // A cut cable says nothing: the answer that does not come is noticed on this side.
  query_timeout: 12_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
} as const

export interface ConnectionsOptions {
  readonly url: string
  readonly name: string
  readonly size: number
  readonly logger: StoreLogger
}

/** What happened to a transaction before its last error. */
export interface Attempts {
  /** True once a COMMIT was sent whose answer never came: it may have been carried out. */
  isUnknown: boolean
}

/** A bounded pool, and transactions that are tried again as a whole. */
export class Connections {
  readonly #pool: pg.Pool
  readonly #patience = PATIENCE_MS

  constructor({ url, name, size, logger }: ConnectionsOptions) {
    this.#pool = new pg.Pool({
      ...CONNECTION_LIMITS,
      connectionString: url,
      application_name: name,
      max: size,
      idleTimeoutMillis: 30_000,
      verify: (client, done) => void reportDurability(client, done),
    })
    // A connection that breaks says so in an event; an event that nobody hears ends the process.
    this.#pool.on('error', (error) => logger.warn({ err: error }, 'an idle connection to the database was lost'))
    this.#pool.on('connect', (client) =>
      client.on('error', (error) => logger.warn({ err: error }, 'a connection to the database was lost')),
    )
  }

  get waiting(): number {
    return this.#pool.waitingCount
  }

  /** Runs reads on one connection, outside any transaction. */
  read<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return this.#retry(() => this.#withClient(work))
  }

  /** All or nothing. `COMMIT` whose answer is lost is tried again: the work must find what it did before. */
  transact<T>(work: (client: pg.PoolClient) => Promise<T>, attempts: Attempts = { isUnknown: false }): Promise<T> {
    return this.#retry(() => this.#withClient((client) => runTransaction(client, work, attempts)), attempts)
  }

  async close(): Promise<void> {
    await this.#pool.end()
  }

  async #withClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect()
    try {
      const result = await work(client)
      client.release()
      return result
    } catch (error) {
      // A transaction that could not be rolled back, or an answer that may still come, must not meet the next user.
      client.release(findHindrance(error) === 'connection')
      throw error
    }
  }

  async #retry<T>(attempt: () => Promise<T>, attempts?: Attempts): Promise<T> {
    const end = performance.now() + this.#patience
    for (let pause = FIRST_WAIT_MS; ; pause = Math.min(pause * 2, LONGEST_WAIT_MS)) {
      try {
        return await attempt()
      } catch (error) {
        if (findHindrance(error) === undefined || performance.now() + pause > end)
          throw describeFailure(error, attempts)
        // Jitter keeps nodes that met once from meeting again at the same moment.
        await wait(pause * (0.5 + Math.random() / 2))
      }
    }
  }
}

function describeFailure(error: unknown, attempts: Attempts | undefined): unknown {
  if (!attempts?.isUnknown) return translateError(error)
  return new StoreError('unknown', 'The database did not say whether it has stored this: ask again', { cause: error })
}

async function runTransaction<T>(
  client: pg.PoolClient,
  work: (client: pg.PoolClient) => Promise<T>,
  attempts: Attempts,
): Promise<T> {
  let result: T
  try {
    await client.query('BEGIN')
    result = await work(client)
  } catch (error) {
    // On a broken connection there is nothing to roll back with, and nothing to roll back.
    if (findHindrance(error) !== 'connection') await client.query('ROLLBACK')
    throw error
  }
  await commit(client, attempts)
  return result
}

async function commit(client: pg.PoolClient, attempts: Attempts): Promise<void> {
  try {
    const { command } = await client.query('COMMIT')
    // A transaction that failed before answers COMMIT with a rollback and no error.
    if (command !== 'COMMIT') throw new Error(`the transaction ended with ${command}`)
  } catch (error) {
    if (findHindrance(error) === 'connection') attempts.isUnknown = true
    throw error
  }
}

/** The list travels as an array. */
export function isAnyOf(column: SQLWrapper, ids: readonly string[]): SQL {
  return sql`${column} = any(${sql.param([...ids])}::text[])`
}

/** The query builder on one connection. */
export function toDatabase(client: pg.ClientBase & (pg.Client | pg.PoolClient)): Database {
  return toSharedDatabase(drizzle(client))
}

/**
 * What was acknowledged must be on disk. The setting can be changed for a user or a database at any time, so every new
 * connection is asked; it is not set here, because a cluster may have chosen a stricter value.
 */
export async function checkDurability(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ commit: string; fsync: string; encoding: string; version: number }>(
    `SELECT current_setting('synchronous_commit') AS commit, current_setting('fsync') AS fsync,
       current_setting('server_encoding') AS encoding, current_setting('server_version_num')::int AS version`,
  )
  const problem = findDurabilityProblem(rows[0])
  if (problem) throw new StoreError('unavailable', `The database of DATABASE_URL cannot hold an arena: ${problem}`)
}

async function reportDurability(client: pg.ClientBase, done: (problem?: Error) => void): Promise<void> {
  try {
    await checkDurability(client)
  } catch (error) {
    return done(error instanceof Error ? error : new Error(String(error)))
  }
  done()
}

function findDurabilityProblem(
  settings: { commit: string; fsync: string; encoding: string; version: number } | undefined,
): string | undefined {
  if (!settings) return 'it does not tell its settings'
  if (settings.commit === 'off') return 'synchronous_commit is off, set it to on for this database'
  if (settings.fsync !== 'on') return 'fsync is off, turn it on'
  if (settings.encoding !== 'UTF8') return `its encoding is ${settings.encoding}, create it with UTF8`
  if (settings.version < 130_000) return 'it is older than PostgreSQL 13'
  return undefined
}
