import { renameSync } from 'node:fs'
import BetterSqlite from 'better-sqlite3'
import { pickPending, readMigrations, type Migration } from '../migrations.ts'
import { openConnection, type Connection } from './connection.ts'
import { damaged, removeDatabase, syncFolderOf, syncPath, type DataFiles } from './data-files.ts'
import { translateError } from './sqlite-errors.ts'

/** Written into the file's header, so that a database of another program is never taken for an arena: "RING". */
const APPLICATION_ID = 0x52494e47

/**
 * Makes a new database under another name and puts it in place when it is whole: wherever the process dies, the next
 * start finds an arena or none, never half of one, and an empty file is never mistaken for a new arena.
 */
export function createDatabase(files: DataFiles): void {
  try {
    removeDatabase(files.unfinished)
    const connection = new BetterSqlite(files.unfinished)
    // Nothing can be lost before the file is in its place; it is put on disk once, as a whole.
    connection.pragma('journal_mode = MEMORY')
    connection.pragma('synchronous = OFF')
    connection.pragma(`application_id = ${APPLICATION_ID}`)
    connection.exec('CREATE TABLE ringside_migrations (name TEXT PRIMARY KEY NOT NULL, applied_at INTEGER NOT NULL)')
    migrate(connection)
    connection.pragma('journal_mode = WAL')
    connection.close()
    syncPath(files.unfinished)
    renameSync(files.unfinished, files.database)
    syncFolderOf(files.database)
  } catch (error) {
    throw translateError(error)
  }
}

/** Refuses a database of another program, and one that a newer version of this program has written. */
export function checkShape(connection: Connection): void {
  if (connection.pragma('application_id', { simple: true }) !== APPLICATION_ID) {
    throw damaged(connection.name, 'is a database of another program')
  }
  pickPending(readMigrations('sqlite'), listApplied(connection))
}

/** Opens the database for writing, after bringing its shape up to date. */
export function openMigrated(file: string): Connection {
  const connection = openConnection(file, { readonly: false })
  try {
    migrate(connection)
    return connection
  } catch (error) {
    connection.close()
    throw translateError(error)
  }
}

/** All pending steps in one transaction: after a kill at any point the shape is the old one or the new one. */
function migrate(connection: Connection): void {
  const pending = pickPending(readMigrations('sqlite'), listApplied(connection))
  if (pending.length === 0) return
  // Tables are rebuilt by dropping and renaming; what points at them is checked as a whole before the commit.
  connection.pragma('foreign_keys = OFF')
  connection.transaction(() => applyAll(connection, pending)).immediate()
  connection.pragma('foreign_keys = ON')
}

function listApplied(connection: Connection): string[] {
  return connection.prepare<[], string>('SELECT name FROM ringside_migrations').pluck().all()
}

function applyAll(connection: Connection, pending: readonly Migration[]): void {
  const note = connection.prepare<[string, number]>('INSERT INTO ringside_migrations (name, applied_at) VALUES (?, ?)')
  for (const { name, statements } of pending) {
    for (const statement of statements) connection.exec(statement)
    note.run(name, Date.now())
  }
  const violations = connection.pragma('foreign_key_check')
  if (Array.isArray(violations) && violations.length > 0) {
    throw new Error(
      `Migration ${pending.map(({ name }) => name).join(', ')} leaves ${violations.length} broken references`,
    )
  }
}
