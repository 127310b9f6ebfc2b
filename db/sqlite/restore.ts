import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { StoreError } from '../store.ts'
import { openConnection } from './connection.ts'
import { lockDataDir } from './data-dir-lock.ts'
import {
  inspectDatabaseFile,
  listDataFiles,
  removeDatabase,
  syncFolderOf,
  syncPath,
  type DataFiles,
} from './data-files.ts'
import { checkShape } from './migrate.ts'
import { translateError } from './sqlite-errors.ts'

/**
 * Puts a backup in the place of the arena of a DATA_DIR. It is checked before anything is touched, and what was there
 * is moved aside, never deleted: a damaged arena may still hold what the backup lacks.
 */
export function restoreDataDir(dataDir: string, file: string): { keptAs: string | null } {
  if (!existsSync(file)) throw new StoreError('unavailable', `There is no backup ${file}`)
  mkdirSync(dataDir, { recursive: true })
  const unlock = lockDataDir(dataDir)
  try {
    const files = listDataFiles(dataDir)
    removeDatabase(files.unfinished)
    copyFileSync(file, files.unfinished)
    checkCopy(files.unfinished)
    syncPath(files.unfinished)
    const keptAs = moveAside(dataDir, files)
    renameSync(files.unfinished, files.database)
    syncFolderOf(files.database)
    return { keptAs }
  } catch (error) {
    throw translateError(error)
  } finally {
    unlock()
  }
}

function checkCopy(file: string): void {
  inspectDatabaseFile(file)
  const connection = openConnection(file, { readonly: true })
  try {
    checkShape(connection)
    const verdict = connection.pragma('quick_check(1)', { simple: true })
    if (verdict !== 'ok') throw new StoreError('corrupt', `The backup is damaged: ${String(verdict)}`)
  } finally {
    connection.close()
    removeDatabaseRemains(file)
  }
}

/** A reader may leave the files of shared memory behind; the restored arena begins without any. */
function removeDatabaseRemains(file: string): void {
  for (const suffix of ['-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true })
}

/** The note of the log's head goes too: it describes what is being replaced. */
function moveAside(dataDir: string, files: DataFiles): string | null {
  const parts = [files.database, `${files.database}-wal`, `${files.database}-shm`, files.headNote]
  const present = parts.filter((path) => existsSync(path))
  if (present.length === 0) return null
  const folder = join(dataDir, `replaced-${new Date().toISOString().replace(/[:.]/g, '-')}`)
  mkdirSync(folder)
  for (const path of present) renameSync(path, join(folder, basename(path)))
  return folder
}
