import { StoreError, type StoreErrorReason } from '../store.ts'

const REASONS: readonly [prefix: string, reason: StoreErrorReason, message: string][] = [
  ['SQLITE_FULL', 'full', 'The disk under DATA_DIR is full: nothing was stored, free some space'],
  // A limit on file size (`ulimit -f`) is reported as a failed write.
  ['SQLITE_IOERR_WRITE', 'full', 'DATA_DIR takes no more bytes: nothing was stored, free some space or lift the limit'],
  ['SQLITE_IOERR_FSYNC', 'unknown', 'The disk did not confirm what was written: ask again after a restart'],
  ['SQLITE_IOERR_DIR_FSYNC', 'unknown', 'The disk did not confirm what was written: ask again after a restart'],
  [
    'SQLITE_READONLY',
    'read-only',
    'The arena in DATA_DIR can be read but not written: check its permissions and mount',
  ],
  ['SQLITE_BUSY', 'busy', 'Another process is writing to the arena in DATA_DIR: try again'],
  ['SQLITE_LOCKED', 'busy', 'Another connection is using the arena in DATA_DIR: try again'],
  [
    'SQLITE_CORRUPT',
    'corrupt',
    'The arena in DATA_DIR is damaged: stop, then run "ringside restore FILE" with a backup',
  ],
  [
    'SQLITE_NOTADB',
    'corrupt',
    'The arena in DATA_DIR is damaged: stop, then run "ringside restore FILE" with a backup',
  ],
  ['SQLITE_CANTOPEN', 'unavailable', 'The arena in DATA_DIR cannot be opened: check its permissions and mount'],
  ['SQLITE_IOERR', 'unavailable', 'The disk under DATA_DIR failed'],
  ['SQLITE_NOMEM', 'unavailable', 'There is no memory left for the arena'],
  ['SQLITE_PROTOCOL', 'busy', 'The arena in DATA_DIR could not be locked: try again'],
]

/** The engine's code of an error, also when a query builder has wrapped it. */
export function findSqliteCode(error: unknown): string | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && at.code.startsWith('SQLITE_')) return at.code
  }
  return undefined
}

/** What the error means for the arena; errors that are bugs, such as a broken constraint, are returned as they are. */
export function translateError(error: unknown): unknown {
  if (error instanceof StoreError) return error
  const code = findSqliteCode(error)
  const found = code === undefined ? undefined : REASONS.find(([prefix]) => code.startsWith(prefix))
  if (!found) return error
  return new StoreError(found[1], `${found[2]} (${code})`, { cause: error })
}

/** A commit that fails for lack of room has left nothing; any other failure of the disk leaves open what it has kept. */
export function translateCommitError(error: unknown): unknown {
  const translated = translateError(error)
  const isOfTheDisk = findSqliteCode(error)?.startsWith('SQLITE_IOERR') ?? false
  if (!isOfTheDisk || !(translated instanceof StoreError) || translated.reason === 'full') return translated
  return new StoreError('unknown', 'The disk did not confirm what was written: ask again after a restart', {
    cause: error,
  })
}
