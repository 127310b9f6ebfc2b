import { parentPort, workerData } from 'node:worker_threads'
import BetterSqlite from 'better-sqlite3'
import { z } from 'zod'
import type { CopyResult } from './backup.ts'

const { database, target } = z.object({ database: z.string(), target: z.string() }).parse(workerData)

parentPort?.postMessage(copy())

/** Copies and then reads the copy through once: a backup that cannot be read is none. */
function copy(): CopyResult {
  try {
    const source = new BetterSqlite(database, { readonly: true, fileMustExist: true, timeout: 5_000 })
    source.prepare('VACUUM INTO ?').run(target)
    source.close()
    const made = new BetterSqlite(target, { readonly: true, fileMustExist: true })
    const verdict = made.pragma('quick_check(1)', { simple: true })
    made.close()
    return verdict === 'ok' ? { failure: null } : { failure: { message: String(verdict), code: 'SQLITE_CORRUPT' } }
  } catch (error) {
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN'
    return { failure: { message: error instanceof Error ? error.message : String(error), code } }
  }
}
