import { sql } from 'drizzle-orm'
import type { NodePgDatabase } from 'drizzle-orm/node-postgres'
import {
  bigint,
  bigserial,
  boolean,
  check,
  customType,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  type AnyPgColumn,
} from 'drizzle-orm/pg-core'
import type { Database, SchemaKit } from '../sqlite/kit.ts'

/** Byte order, whatever language the server speaks: ids and names compare and sort as they do in a file. */
const byteText = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' })
const byteArray = customType<{ data: Buffer }>({ dataType: () => 'bytea' })
const transactionId = customType<{ data: string }>({ dataType: () => 'xid8' })

const postgresKit = {
  table: pgTable,
  id: byteText,
  text: (name: string) => text(name),
  choice: (name: string, values: [string, ...string[]]) => text(name, { enum: values }),
  whole: (name: string) => integer(name),
  real: (name: string) => doublePrecision(name),
  flag: (name: string) => boolean(name),
  instant: (name: string) => bigint(name, { mode: 'number' }),
  bytes: byteArray,
  json: (name: string) => jsonb(name),
  /**
   * Positions are given before the commit, so a later one can be visible earlier. The transaction's own number tells
   * which entries nobody can precede any more: those of transactions older than every one still running.
   */
  logOrder: () => ({
    position: bigserial('position', { mode: 'number' }).primaryKey(),
    xid: transactionId('xid')
      .notNull()
      .default(sql`pg_current_xact_id()`),
  }),
  logOrderIndexes: (entry: { xid: AnyPgColumn; position: AnyPgColumn }) => [
    index('vote_log_order_index').on(entry.xid, entry.position),
  ],
  index,
  uniqueIndex,
  primaryKey,
  foreignKey,
  check,
  sql,
}

/*
 * The two casts that let one schema and one set of queries serve both engines. What they claim is checked by tests:
 * tests/db/schema.test.ts compares what both engines really have, and both run the same suite.
 */
export const sharedKit = postgresKit as unknown as SchemaKit
export const toSharedDatabase = (database: NodePgDatabase) => database as unknown as Database
