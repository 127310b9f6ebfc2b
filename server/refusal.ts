import type { ErrorCode } from '../contract/errors.ts'
import { StoreError } from '../db/store.ts'
import { AppError } from './app-error.ts'

/** What a caller is told, over HTTP and over the socket alike. */
export interface Refusal {
  readonly code: ErrorCode
  readonly message: string
  readonly retryAfterMs?: number
}

/** Any error as a refusal: one that was meant for the caller, a store that cannot write, or a bug that reveals nothing. */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof AppError) {
    const { code, message, retryAfterMs } = error
    return retryAfterMs === undefined ? { code, message } : { code, message, retryAfterMs }
  }
  if (error instanceof StoreError) return storeRefusal(error)
  return {
    code: 'server/failed',
    message: 'Something went wrong on the server. Nothing was changed; please try again.',
  }
}

function storeRefusal({ reason }: StoreError): Refusal {
  if (reason === 'full') {
    return {
      code: 'store/full',
      message: 'The disk of this server is full: nothing was stored. Please try again later.',
    }
  }
  if (reason === 'unknown') {
    const message = 'The server does not know whether this was stored. Send it again with the same id.'
    return { code: 'vote/unknown-outcome', message }
  }
  return {
    code: 'store/unavailable',
    message: 'Nothing can be stored at the moment. Please try again.',
    retryAfterMs: 2_000,
  }
}
