/** Time comes from outside, so that a test can set it. */
export interface Clock {
  /** Wall time, milliseconds since 1970 (UTC): for what is stored. It can jump. */
  now(): number
  /** Milliseconds on a clock that only moves forward: for waits and limits. */
  monotonicMs(): number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
}
