import { AppError } from './app-error.ts'
import type { Clock } from './clock.ts'

const MINUTE_MS = 60_000
/** Forget whoever has been quiet, so that a stream of fresh visitors cannot fill the memory. */
const MAX_REMEMBERED = 100_000

/**
 * So many times a minute per key, refilled steadily (a token bucket): a burst up to the whole allowance is fine, and
 * after it one more every minute / allowance. Counts on this node only.
 */
export class RateLimit {
  readonly #perMinute: number
  readonly #clock: Clock
  readonly #buckets = new Map<string, { left: number; atMs: number }>()

  constructor({ perMinute, clock }: { perMinute: number; clock: Clock }) {
    this.#perMinute = perMinute
    this.#clock = clock
  }

  /** @throws AppError `request/too-many` with the time after which one more is allowed */
  take(key: string, what: string): void {
    const nowMs = this.#clock.monotonicMs()
    const { left, atMs } = this.#buckets.get(key) ?? { left: this.#perMinute, atMs: nowMs }
    const available = Math.min(this.#perMinute, left + ((nowMs - atMs) * this.#perMinute) / MINUTE_MS)
    if (available < 1) {
      const retryAfterMs = Math.ceil(((1 - available) * MINUTE_MS) / this.#perMinute)
      throw new AppError('request/too-many', `Too many ${what} within a minute`, { retryAfterMs })
    }
    // Re-inserted at the end, so that the map is ordered by last use.
    this.#buckets.delete(key)
    this.#buckets.set(key, { left: available - 1, atMs: nowMs })
    if (this.#buckets.size > MAX_REMEMBERED) {
      const oldest = this.#buckets.keys().next().value
      if (oldest !== undefined) this.#buckets.delete(oldest)
    }
  }
}
