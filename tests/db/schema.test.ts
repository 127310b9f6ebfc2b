import BetterSqlite from 'better-sqlite3'
import { getTableConfig as sqliteTableConfig } from 'drizzle-orm/sqlite-core'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStore } from '../../db/open-store.ts'
import { schema } from '../../db/sqlite/schema.ts'
import { executeOn, startPostgres } from '../support/postgres.ts'
import { makeScratchFolder } from '../support/scratch-folder.ts'

/** A table as an engine describes it, in words that both share. */
interface TableShape {
  columns: Record<string, string>
  primaryKey: string
  unique: string[]
  indexes: string[]
  references: string[]
  checks: string[]
}
type Shape = Record<string, TableShape>

/** What the engines may have of their own, and nothing else. */
const ONLY_ON_POSTGRES = { table: 'vote_log', column: 'xid', index: 'xid,position' }

const postgres = await startPostgres()
const folder = makeScratchFolder()
let inFile: Shape

beforeAll(async () => {
  const store = await openStore({ dataDir: folder.path, databaseUrl: undefined, nodeId: 'node-one' })
  await store.close()
  inFile = describeFile(join(folder.path, 'ringside.sqlite'))
})
afterAll(async () => {
  folder.remove()
  if (!('skipReason' in postgres)) await postgres.stop()
})

test('the migrations make exactly the tables and columns that the queries use', () => {
  const declared = Object.values(schema).map((table) => sqliteTableConfig(table))
  expect(Object.keys(inFile)).toEqual(declared.map(({ name }) => name).toSorted())
  for (const { name, columns } of declared) {
    expect(Object.keys(inFile[name]?.columns ?? {}).toSorted()).toEqual(columns.map((column) => column.name).toSorted())
  }
})

test('every vote is unique in the log by its id, and by its place in the history of a voter and a battle', () => {
  expect(inFile.vote_log?.unique).toEqual(['battle_id,voter_id,revision', 'id'])
})

describe('both engines', () => {
  if ('skipReason' in postgres) {
    test.skip(`have the same tables: ${postgres.skipReason}`, () => undefined)
    return
  }

  test('have the same tables, columns, keys, references, rules and indexes', async () => {
    const url = await postgres.createDatabase()
    const store = await openStore({ dataDir: folder.path, databaseUrl: url, nodeId: 'node-one' })
    await store.close()
    const onServer = await describeServer(url)
    const log = onServer[ONLY_ON_POSTGRES.table]
    expect(log?.columns[ONLY_ON_POSTGRES.column]).toBe('xid8 not null')
    expect(log?.indexes).toContain(ONLY_ON_POSTGRES.index)
    delete log?.columns[ONLY_ON_POSTGRES.column]
    if (log) log.indexes = log.indexes.filter((columns) => columns !== ONLY_ON_POSTGRES.index)
    expect(onServer).toEqual(inFile)
  })
})

function describeFile(file: string): Shape {
  const db = new BetterSqlite(file, { readonly: true })
  const all = <Row>(text: string, ...parameters: string[]) => db.prepare<string[], Row>(text).all(...parameters)
  const tables = all<{ name: string; sql: string }>(
    `SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name <> 'ringside_migrations' ORDER BY name`,
  )
  const shape = Object.fromEntries(
    tables.map(({ name, sql }) => {
      const columns = all<{ name: string; type: string; notnull: number; pk: number }>(
        'SELECT name, type, "notnull", pk FROM pragma_table_info(?)',
        name,
      )
      const indexes = all<{ origin: string; unique: number; columns: string }>(
        `SELECT list.origin, list."unique", (SELECT group_concat(name) FROM pragma_index_info(list.name)) AS columns
         FROM pragma_index_list(?) AS list`,
        name,
      )
      const references = all<{ from: string; table: string; to: string }>(
        `SELECT group_concat("from") AS "from", "table", group_concat("to") AS "to"
         FROM (SELECT * FROM pragma_foreign_key_list(?) ORDER BY id, seq) GROUP BY id`,
        name,
      )
      const pick = (isUnique: number) =>
        indexes.filter(({ origin, unique }) => origin !== 'pk' && unique === isUnique).map((index) => index.columns)
      return [
        name,
        {
          columns: Object.fromEntries(
            columns.map((column) => [column.name, `${column.type.toLowerCase()}${column.notnull ? ' not null' : ''}`]),
          ),
          primaryKey: columns
            .filter(({ pk }) => pk > 0)
            .toSorted((one, other) => one.pk - other.pk)
            .map((column) => column.name)
            .join(),
          unique: pick(1).toSorted(),
          indexes: pick(0).toSorted(),
          references: references.map(({ from, table, to }) => `${from} → ${table}(${to})`).toSorted(),
          checks: [...sql.matchAll(/CONSTRAINT "(\w+)" CHECK/g)].map((match) => match[1] ?? '').toSorted(),
        },
      ]
    }),
  )
  db.close()
  return shape
}

/** One name per kind of value, as the file keeps it. */
const KINDS: Record<string, string> = {
  text: 'text',
  jsonb: 'text',
  bytea: 'blob',
  int4: 'integer',
  int8: 'integer',
  bool: 'integer',
  float8: 'real',
}

async function describeServer(url: string): Promise<Shape> {
  const columns = await executeOn(
    url,
    `SELECT table_name AS "table", column_name AS name, udt_name AS kind, is_nullable = 'NO' AS required
     FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'ringside_migrations'`,
  )
  const shape: Shape = {}
  const tableOf = (name: unknown) =>
    (shape[String(name)] ??= { columns: {}, primaryKey: '', unique: [], indexes: [], references: [], checks: [] })
  for (const { table, name, kind, required } of columns) {
    tableOf(table).columns[String(name)] = `${KINDS[String(kind)] ?? String(kind)}${required ? ' not null' : ''}`
  }
  await addIndexes(url, tableOf)
  await addConstraints(url, tableOf)
  for (const table of Object.values(shape)) {
    for (const list of [table.unique, table.indexes, table.references, table.checks]) list.sort()
  }
  return shape
}

async function addIndexes(url: string, tableOf: (name: unknown) => TableShape): Promise<void> {
  const indexes = await executeOn(
    url,
    `SELECT own.relname AS "table", i.indisunique AS "unique",
       (SELECT string_agg(a.attname, ',' ORDER BY k.at) FROM unnest(i.indkey) WITH ORDINALITY AS k(number, at)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number) AS columns
     FROM pg_index i JOIN pg_class own ON own.oid = i.indrelid JOIN pg_namespace n ON n.oid = own.relnamespace
     WHERE n.nspname = 'public' AND own.relname <> 'ringside_migrations' AND NOT i.indisprimary`,
  )
  for (const { table, unique, columns } of indexes) tableOf(table)[unique ? 'unique' : 'indexes'].push(String(columns))
}

async function addConstraints(url: string, tableOf: (name: unknown) => TableShape): Promise<void> {
  const names = (numbers: string, table: string) =>
    `(SELECT string_agg(a.attname, ',' ORDER BY k.at) FROM unnest(${numbers}) WITH ORDINALITY AS k(number, at)
      JOIN pg_attribute a ON a.attrelid = ${table} AND a.attnum = k.number)`
  const constraints = await executeOn(
    url,
    `SELECT own.relname AS "table", c.contype AS kind, c.conname AS name, other.relname AS target,
       ${names('c.conkey', 'c.conrelid')} AS columns, ${names('c.confkey', 'c.confrelid')} AS "targetColumns"
     FROM pg_constraint c JOIN pg_class own ON own.oid = c.conrelid JOIN pg_namespace n ON n.oid = c.connamespace
     LEFT JOIN pg_class other ON other.oid = c.confrelid
     WHERE n.nspname = 'public' AND own.relname <> 'ringside_migrations'`,
  )
  for (const { table, kind, name, target, columns, targetColumns } of constraints) {
    if (kind === 'p') tableOf(table).primaryKey = String(columns)
    if (kind === 'f') tableOf(table).references.push(`${String(columns)} → ${String(target)}(${String(targetColumns)})`)
    if (kind === 'c') tableOf(table).checks.push(String(name))
  }
}
