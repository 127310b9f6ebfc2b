import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { StoreError } from '../store.ts'
import { findSqliteCode, translateError } from './sqlite-errors.ts'

/**
 * Keeps a second server away from a DATA_DIR. The lock is the operating system's, held through an open transaction on
 * an empty database file: it ends with the process however that ends, and it does not depend on process numbers, which
 * say nothing across containers. The number beside it is for people. Nobody may read the lock file itself: in the
 * process that holds the lock, closing any other handle on it would release it.
 */
export function lockDataDir(dataDir: string): () => void {
  const pidFile = join(dataDir, 'server.pid')
  const lock = openLock(join(dataDir, 'server.lock'), dataDir)
  try {
    lock.exec('BEGIN IMMEDIATE')
    writeFileSync(pidFile, `${process.pid}\n`)
  } catch (error) {
    lock.close()
    if (!findSqliteCode(error)?.startsWith('SQLITE_BUSY')) throw translateDirError(error, dataDir)
    throw new StoreError('locked', `Another server (process ${readPid(pidFile)}) is using ${dataDir}: stop it first`)
  }
  return () => {
    rmSync(pidFile, { force: true })
    lock.close()
  }
}

function openLock(file: string, dataDir: string) {
  try {
    return new BetterSqlite(file, { timeout: 0 })
  } catch (error) {
    throw translateDirError(error, dataDir)
  }
}

function translateDirError(error: unknown, dataDir: string): unknown {
  if (findSqliteCode(error) === undefined && !(error instanceof Error && 'code' in error)) return error
  const translated = translateError(error)
  if (translated instanceof StoreError && translated.reason === 'full') return translated
  return new StoreError('read-only', `DATA_DIR ${dataDir} cannot be written: check its permissions and mount`, {
    cause: error,
  })
}

function readPid(pidFile: string): string {
  try {
    return readFileSync(pidFile, 'utf8').trim()
  } catch {
    return 'unknown'
  }
}
