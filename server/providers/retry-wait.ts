export interface RetryLimits {
  /** How often one model is asked the same question. */
  readonly attemptsPerModel: number
  /** How many models are asked for one answer. */
  readonly mostDraws: number
  /** When this has passed without a first token nobody is asked any more. */
  readonly giveUpMs: number
  readonly firstWaitMs: number
  readonly longestWaitMs: number
  /** An endpoint that wants us to wait longer than this is not waited for. */
  readonly longestRetryAfterMs: number
}

export const DEFAULT_RETRY_LIMITS: RetryLimits = {
  attemptsPerModel: 3,
  mostDraws: 4,
  giveUpMs: 120_000,
  firstWaitMs: 300,
  longestWaitMs: 5_000,
  longestRetryAfterMs: 8_000,
}

/**
 * How long to wait before the next attempt, after `attempts` of them; undefined when the model is not worth waiting for.
 * Full jitter: anything from nothing to a bound that doubles, so that many battles do not come back at the same moment.
 * A wait that the endpoint asked for is never cut short.
 */
export function pickRetryWait(
  failure: { readonly retryable: boolean; readonly retryAfterMs: number | null },
  attempts: number,
  limits: RetryLimits,
  random: () => number,
): number | undefined {
  if (!failure.retryable || attempts >= limits.attemptsPerModel) return undefined
  const jitterMs = random() * Math.min(limits.longestWaitMs, limits.firstWaitMs * 2 ** (attempts - 1))
  if (failure.retryAfterMs === null) return jitterMs
  return failure.retryAfterMs > limits.longestRetryAfterMs ? undefined : failure.retryAfterMs + jitterMs / 4
}
