import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { pickPending, readMigrations } from '../migrations.ts'
import { checkDurability } from './connections.ts'
import { findHindrance, translateError } from './postgres-errors.ts'

/** Held while one of several servers that start together changes the shape; any two constants do. */
const MIGRATION_LOCK = [0x52494e47, 1] as const

/** Servers and their database are often started together. */
const START_PATIENCE_MS = 10_000

/** Brings the shape up to date, in one transaction under a lock: old or new, and by one server of many. */
export async function migrateDatabase(url: string): Promise<void> {
  const end = performance.now() + START_PATIENCE_MS
  for (;;) {
    try {
      return await migrateOnce(url)
    } catch (error) {
      if (findHindrance(error) === undefined || performance.now() > end) throw translateError(error)
      await wait(200)
    }
  }
}

async function migrateOnce(url: string): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    application_name: 'ringside migration',
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await checkDurability(client)
    await client.query('BEGIN')
    await client.query('SELECT pg_advisory_xact_lock($1, $2)', [...MIGRATION_LOCK])
    await applyPending(client)
    await adoptRestoredLog(client)
    await client.query('COMMIT')
  } finally {
    await client.end()
  }
}

async function applyPending(client: pg.Client): Promise<void> {
  const known = readMigrations('postgres')
  const { rows: found } = await client.query<{ name: string | null }>(
    `SELECT to_regclass('ringside_migrations')::text AS name`,
  )
  const isNew = found[0]?.name === null
  if (isNew)
    await client.query('CREATE TABLE ringside_migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL)')
  const { rows } = await client.query<{ name: string }>('SELECT name FROM ringside_migrations')
  for (const { name, statements } of pickPending(
    known,
    rows.map((row) => row.name),
  )) {
    for (const statement of statements) await client.query(statement)
    await client.query('INSERT INTO ringside_migrations (name, applied_at) VALUES ($1, now())', [name])
  }
}

/**
 * A log that was restored into another server carries transaction numbers of the old one. Those still to come there
 * would hide its entries from every reader, so they are numbered anew, in the order that they had.
 */
async function adoptRestoredLog(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ foreign: boolean }>(
    `SELECT EXISTS (SELECT FROM vote_log WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())) AS "foreign"`,
  )
  if (!rows[0]?.foreign) return
  await client.query(
    `UPDATE vote_log AS entry SET xid = '3', position = ordered.position
     FROM (SELECT id, (SELECT max(position) FROM vote_log) + row_number() OVER (ORDER BY xid, position) AS position
       FROM vote_log) AS ordered
     WHERE ordered.id = entry.id`,
  )
  await client.query(
    `SELECT setval(pg_get_serial_sequence('vote_log', 'position'), (SELECT max(position) FROM vote_log))`,
  )
}
