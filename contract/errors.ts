/**
 * Every refusal that a caller can meet, declared once with its HTTP status. Clients switch on the code, never on the
 * text: texts are for people and may change.
 */
export const ERROR_STATUS = {
  'request/invalid': 400,
  'request/too-large': 413,
  'request/forbidden-origin': 403,
  'request/not-found': 404,
  'request/too-many': 429,
  'session/required': 401,
  'arena/unknown': 404,
  'arena/no-models': 409,
  'arena/nothing-prepared': 409,
  'battle/not-found': 404,
  'battle/busy': 409,
  'battle/ended': 409,
  'prompt/empty': 400,
  'prompt/too-long': 413,
  'vote/already-voted': 409,
  'vote/conflicting-id': 409,
  'vote/not-ready': 409,
  'vote/outdated': 409,
  'vote/not-found': 404,
  'vote/too-late': 409,
  'vote/unknown-outcome': 503,
  'store/full': 507,
  'store/unavailable': 503,
  'server/stopping': 503,
  'server/failed': 500,
} as const satisfies Record<string, number>

export type ErrorCode = keyof typeof ERROR_STATUS
export const ERROR_CODES = Object.keys(ERROR_STATUS) as [ErrorCode, ...ErrorCode[]]
