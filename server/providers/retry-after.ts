/** Longer waits are as good as "never" to an arena; the bound keeps sums and timers in range. */
const LONGEST_WAIT_MS = 86_400_000

/**
 * How long an endpoint asks us to wait, from `retry-after-ms` or `Retry-After` (seconds or an HTTP date).
 * Null when it does not say, or says nothing that can be meant.
 */
export function readRetryAfter(headers: { get(name: string): string | null }, now: number): number | null {
  return toWait(readNumber(headers.get('retry-after-ms'))) ?? readSecondsOrDate(headers.get('retry-after'), now)
}

function readSecondsOrDate(value: string | null, now: number): number | null {
  const seconds = readNumber(value)
  if (seconds !== null) return toWait(seconds * 1000)
  // Only what begins with a weekday is a date: Date.parse makes dates out of nearly anything.
  const date = /^[A-Z][a-z]{2,8},? /.test(value ?? '') ? Date.parse(value ?? '') : Number.NaN
  return Number.isNaN(date) ? null : toWait(Math.max(0, date - now))
}

function readNumber(value: string | null): number | null {
  return value !== null && /^\s*-?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : null
}

function toWait(ms: number | null): number | null {
  return ms === null || ms < 0 || !Number.isFinite(ms) ? null : Math.min(Math.ceil(ms), LONGEST_WAIT_MS)
}
