import { sql } from 'drizzle-orm'
import {
  blob,
  check,
  foreignKey,
  index,
  integer,
  primaryKey,
  real,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core'
import type { SqliteRemoteDatabase } from 'drizzle-orm/sqlite-proxy'

/**
 * The column helpers with which `schema.ts` declares the tables. This kit is the reference: the other engine's kit has
 * the same shape and is cast to this type, in one place.
 */
export const sqliteKit = {
  table: sqliteTable,
  /** Compared and ordered byte by byte on every engine. */
  id: <T extends string>(name: string) => text(name).$type<T>(),
  text: (name: string) => text(name),
  choice: <const T extends readonly [string, ...string[]]>(name: string, values: T) =>
    text(name, { enum: [...values] }).$type<T[number]>(),
  whole: (name: string) => integer(name),
  real: (name: string) => real(name),
  flag: (name: string) => integer(name, { mode: 'boolean' }),
  /** Milliseconds since 1970. */
  instant: (name: string) => integer(name),
  bytes: (name: string) => blob(name, { mode: 'buffer' }),
  json: <T>(name: string) => text(name, { mode: 'json' }).$type<T>(),
  /** The columns by which an engine keeps the order of the vote log. */
  logOrder: () => ({ position: integer('position').primaryKey() }),
  /** Indexes over columns that only one engine has. */
  logOrderIndexes: (_entry: object): [] => [],
  index,
  uniqueIndex,
  primaryKey,
  foreignKey,
  check,
  sql,
}

export type SchemaKit = typeof sqliteKit

/** The query builder as shared queries see it: asynchronous on every engine. */
export type Database = SqliteRemoteDatabase
