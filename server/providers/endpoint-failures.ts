import { ProviderFailure, type FailureKind } from './provider.ts'

/** What an endpoint can answer instead of a stream; the keys of `error` objects differ between servers. */
export interface StatusAnswer {
  readonly status: number
  readonly body: string
  readonly retryAfterMs: number | null
}

const RETRYABLE_STATUS = new Set([408, 409, 425, 429, 500, 502, 503, 504, 529])

export function toStatusFailure({ status, body, retryAfterMs }: StatusAnswer): ProviderFailure {
  const error = readErrorBody(body)
  const detail = `answered ${status}${error.text === '' ? '' : `: ${error.text}`}`
  const kind = toQuestionKind(status, error) ?? toStatusKind(status)
  // A used-up quota comes as 429 too, but waiting does not fill it.
  const retryable = error.code !== 'insufficient_quota' && isRetryableStatus(status)
  return new ProviderFailure(kind, detail, { retryable, retryAfterMs })
}

function isRetryableStatus(status: number): boolean {
  return RETRYABLE_STATUS.has(status) || (status > 504 && status !== 505)
}

function toStatusKind(status: number): FailureKind {
  if (status === 401 || status === 402 || status === 403) return 'authentication'
  if (status === 404) return 'not-found'
  if (status === 413) return 'too-long'
  if (status === 429) return 'rate-limited'
  return status === 408 || status === 409 || status === 425 || status >= 500 ? 'server' : 'bad-request'
}

/** A bad request may be the question's fault and no sign of a badly configured model. */
function toQuestionKind(status: number, { code, text }: ErrorText): FailureKind | undefined {
  if (status !== 400 && status !== 422) return undefined
  if (/content_?(filter|policy)|moderation/i.test(code)) return 'content-filter'
  const isTooLong = /context (length|window|size)|maximum context|prompt is too long/i.test(text)
  return isTooLong || code === 'context_length_exceeded' ? 'too-long' : undefined
}

/** An error object in the middle of a stream. Its code may be an HTTP status, as a number or as text. */
export function toStreamFailure(value: unknown): ProviderFailure {
  const error = readError(value)
  const status = Number(error.code)
  const isStatus = Number.isInteger(status) && status >= 400 && status < 600
  if (isStatus) return toStatusFailure({ status, body: JSON.stringify(value), retryAfterMs: null })
  const kind: FailureKind = /rate.?limit/i.test(error.code) ? 'rate-limited' : 'server'
  return new ProviderFailure(kind, `reported an error in the stream: ${error.text}`, { retryable: true })
}

const CONNECT_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_NODATA',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ETIMEDOUT',
  'EADDRNOTAVAIL',
  'EMFILE',
  'ENFILE',
])

/** TLS fails closed, and asking again cannot mend a certificate. */
const CERTIFICATE_CODE = /CERT|^ERR_TLS|SELF_SIGNED|UNABLE_TO_|^ERR_SSL|^EPROTO|CRL_/

/** An error of the connection, by its code. `hasAnswer`: after the headers of a good answer had come. */
export function toConnectionFailure(error: unknown, hasAnswer: boolean): ProviderFailure {
  if (error instanceof ProviderFailure) return error
  const { code, message } = readSystemError(error)
  const detail = code === '' || message.includes(code) ? message : `${message} (${code})`
  if (CERTIFICATE_CODE.test(code)) return new ProviderFailure('connect', `TLS: ${detail}`, { retryable: false })
  if (code.startsWith('HPE_')) return new ProviderFailure('malformed', `no valid HTTP: ${detail}`, { retryable: true })
  if (hasAnswer && code === '')
    return new ProviderFailure('malformed', `cannot be read: ${detail}`, { retryable: true })
  if (hasAnswer) return new ProviderFailure('cut', `the connection broke: ${detail}`, { retryable: true })
  if (CONNECT_CODES.has(code)) return new ProviderFailure('connect', detail, { retryable: true })
  return new ProviderFailure('bad-request', detail, { retryable: false })
}

function readSystemError(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) }
  // Several addresses were tried: the first error is as good as any.
  if (error instanceof AggregateError && error.message === '') return readSystemError(error.errors[0])
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return { code, message: error.message }
}

interface ErrorText {
  readonly code: string
  readonly text: string
}

function readErrorBody(body: string): ErrorText {
  try {
    return readError(JSON.parse(body))
  } catch {
    return { code: '', text: toLine(body) }
  }
}

/** `{error: {message, code}}`, `{error: "…"}`, `{message}`, `{detail}`, or whatever else it is, as text. */
function readError(value: unknown): ErrorText {
  if (!isRecord(value)) return { code: '', text: toLine(toText(value)) }
  const inner = isRecord(value['error']) ? value['error'] : value
  const message = inner['message'] ?? inner['error'] ?? inner['detail'] ?? inner
  const code = inner['code'] ?? inner['type'] ?? inner['status']
  return { code: toText(code), text: toLine(toText(message)) }
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value
  return value === undefined || value === null ? '' : (JSON.stringify(value) ?? '')
}

const LONGEST_DETAIL = 300

/** One line, bounded: what an endpoint says goes into logs and a terminal. */
export function toLine(text: string): string {
  const line = text
    .slice(0, 4 * LONGEST_DETAIL)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
  return line.length > LONGEST_DETAIL ? `${line.slice(0, LONGEST_DETAIL)}…` : line
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
