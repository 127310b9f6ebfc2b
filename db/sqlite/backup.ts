import { existsSync } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { StoreError } from '../store.ts'
import { listDataFiles } from './data-files.ts'
import { translateError } from './sqlite-errors.ts'

/** What the copying thread reports: nothing, or what the engine said. */
export interface CopyResult {
  readonly failure: { readonly message: string; readonly code: string } | null
}

/** Copies the arena of a DATA_DIR, also while its server is running. */
export async function backUpDataDir(dataDir: string, file: string): Promise<{ sizeBytes: number }> {
  const { database } = listDataFiles(dataDir)
  if (!existsSync(database)) throw new StoreError('unavailable', `There is no arena in ${dataDir}`)
  return backUpDatabase(database, file)
}

/**
 * Copies the database into `file`, complete or not at all. The copy is one snapshot, taken by a thread on a connection
 * of its own, so that votes go on meanwhile and everything acknowledged before is in it.
 */
export async function backUpDatabase(database: string, file: string): Promise<{ sizeBytes: number }> {
  const unfinished = `${file}.unfinished-${process.pid}`
  try {
    await rm(unfinished, { force: true })
    await copyInThread(database, unfinished)
    await syncOnDisk(unfinished)
    const { size } = await stat(unfinished)
    await rename(unfinished, file)
    await syncOnDisk(dirname(file))
    return { sizeBytes: size }
  } catch (error) {
    await rm(unfinished, { force: true })
    const translated = translateError(error)
    throw translated instanceof StoreError
      ? new StoreError(translated.reason, `The backup ${file} was not made. ${translated.message}`, { cause: error })
      : error
  }
}

async function copyInThread(database: string, target: string): Promise<void> {
  const worker = startCopyingThread({ database, target })
  const { failure } = await new Promise<CopyResult>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the copying thread ended with ${code}`)))
  })
  await worker.terminate()
  if (failure) throw Object.assign(new Error(failure.message), { code: failure.code })
}

/** From source (tests, `npm run dev`) a thread must first learn to read TypeScript, which it does not inherit. */
function startCopyingThread(workerData: { database: string; target: string }): Worker {
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(new URL('./backup-thread.js', import.meta.url), { workerData })
  const loader = createRequire(import.meta.url).resolve('tsx/cjs/api')
  const thread = new URL('./backup-thread.ts', import.meta.url).pathname
  const code = `require(${JSON.stringify(loader)}).register(); require(${JSON.stringify(thread)})`
  return new Worker(code, { eval: true, workerData })
}

async function syncOnDisk(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
