import { closeSync, existsSync, fsyncSync, openSync, readSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { StoreError } from '../store.ts'

/** What lies in a DATA_DIR. */
export interface DataFiles {
  readonly database: string
  /** A new database until it is whole. */
  readonly unfinished: string
  readonly headNote: string
}

export function listDataFiles(dataDir: string): DataFiles {
  const database = join(dataDir, 'ringside.sqlite')
  return { database, unfinished: `${database}.new`, headNote: join(dataDir, 'vote-log.head') }
}

/** Says whether there is a database file; refuses one that cannot be a database, untouched. */
export function inspectDatabaseFile(file: string): 'present' | 'absent' {
  if (!existsSync(file)) {
    // The log of writes without its database: opening would start a new arena over the remains of an old one.
    if (existsSync(`${file}-wal`)) throw damaged(file, 'is gone, but its log of writes is there')
    return 'absent'
  }
  if (statSync(file).size === 0) throw damaged(file, 'is empty')
  if (!readStart(file).startsWith('SQLite format 3\0')) throw damaged(file, 'is not a database')
  return 'present'
}

export function damaged(file: string, what: string, cause?: unknown): StoreError {
  const advice = 'move it away, or run "ringside restore FILE" with a backup'
  return new StoreError('corrupt', `${file} ${what}: ${advice}`, cause === undefined ? {} : { cause })
}

function readStart(file: string): string {
  const descriptor = openSync(file, 'r')
  try {
    const buffer = Buffer.alloc(16)
    readSync(descriptor, buffer, 0, buffer.length, 0)
    return buffer.toString('latin1')
  } finally {
    closeSync(descriptor)
  }
}

/** Puts a file, or the names in a folder, on disk. */
export function syncPath(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

export function syncFolderOf(path: string): void {
  syncPath(dirname(path))
}

/** Removes a database with the files that the engine keeps beside it. */
export function removeDatabase(file: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${suffix}`, { force: true })
}
