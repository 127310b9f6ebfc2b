import { StoreError, type StoreErrorReason } from '../store.ts'

/** `conflict`: another transaction was in the way. `connection`: no answer can come any more. Both may be tried again. */
export type Hindrance = 'conflict' | 'connection'

const CONFLICTS = new Set(['40001', '40P01'])

/** Shutdown, crash, start-up, too many connections, and an idle transaction that was cut: a new connection may do better. */
const CONNECTION_LOSSES = new Set(['57P01', '57P02', '57P03', '57P05', '53300', '25P03'])

/** What the socket says when there is no server at its other end, or no longer. */
const SOCKET_LOSSES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
])

/** The driver reports a connection that ended under a query in words only, without a code. */
const CONNECTION_WORDS =
  /connection terminated|connection ended|not queryable|read timeout|timeout exceeded|client was closed/i

/** What the pool says when nobody gave a connection back in time. */
const POOL_IS_EMPTY = 'timeout exceeded when trying to connect'

const REASONS: readonly [code: string, reason: StoreErrorReason, message: string][] = [
  ['53100', 'full', 'The disk of the database is full: nothing was stored, free some space'],
  ['25006', 'read-only', 'The database takes no writes: it is a standby, or set to read-only'],
  ['53300', 'busy', 'The database has no connection left: raise its max_connections'],
  ['57014', 'busy', 'The database took too long: try again'],
  ['55P03', 'busy', 'The database is locked by another transaction: try again'],
  ['XX001', 'corrupt', 'The database is damaged: restore it from a backup'],
  ['XX002', 'corrupt', 'The database is damaged: restore it from a backup'],
  ['58030', 'unavailable', 'The disk of the database failed'],
  ['53200', 'unavailable', 'The database has no memory left'],
  ['28', 'unavailable', 'The database refuses the user or password of DATABASE_URL'],
  ['3D000', 'unavailable', 'The database of DATABASE_URL does not exist: create it'],
  ['42501', 'unavailable', 'The user of DATABASE_URL lacks a permission'],
]

/** Whether trying the whole transaction again can help. */
export function findHindrance(error: unknown): Hindrance | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const code = codeOf(at)
    if (code !== undefined && CONFLICTS.has(code)) return 'conflict'
    if (code?.startsWith('08') || (code !== undefined && (CONNECTION_LOSSES.has(code) || SOCKET_LOSSES.has(code)))) {
      return 'connection'
    }
    if (code === undefined && CONNECTION_WORDS.test(at.message)) return 'connection'
    // Several addresses of one host were tried, each in vain.
    if (at instanceof AggregateError && at.errors.some((one) => findHindrance(one) === 'connection'))
      return 'connection'
  }
  return undefined
}

/** The code of a constraint or of a value that the database refuses: the fact is wrong in itself. */
export function isRefusedValue(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) if (/^2[23]/.test(codeOf(at) ?? '')) return true
  return false
}

export function isUniqueViolation(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) if (codeOf(at) === '23505') return true
  return false
}

/** What the error means for the arena; errors that are bugs are returned as they are. */
export function translateError(error: unknown): unknown {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at instanceof StoreError) return at
    const code = codeOf(at)
    const found = code === undefined ? undefined : REASONS.find(([prefix]) => code.startsWith(prefix))
    if (found) return new StoreError(found[1], `${found[2]} (${code})`, { cause: error })
  }
  if (error instanceof Error && error.message === POOL_IS_EMPTY) {
    return new StoreError('busy', 'All connections to the database are in use: try again', { cause: error })
  }
  const hindrance = findHindrance(error)
  if (hindrance === 'conflict')
    return new StoreError('busy', 'Other transactions were in the way: try again', { cause: error })
  if (hindrance === 'connection') {
    return new StoreError('unavailable', 'The database of DATABASE_URL cannot be reached', { cause: error })
  }
  return error
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
