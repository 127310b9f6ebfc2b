/** How long and how much one request to a model endpoint may take. Nothing an endpoint does can go past these. */
export interface ProviderLimits {
  /** From the start until the connection stands, TLS included. */
  readonly connectMs: number
  /** From then until the first piece of text or reasoning. */
  readonly firstTokenMs: number
  /** Between two such pieces; comments, empty chunks and keep-alive lines do not count. */
  readonly betweenTokensMs: number
  readonly totalMs: number
  /** After a finish reason (for usage and `[DONE]`), and after `[DONE]` until the socket is closed. */
  readonly tailMs: number
  /** One server-sent event, however many lines it has. */
  readonly maxEventBytes: number
  /** The whole body of a response. */
  readonly maxBodyBytes: number
  readonly maxAnswerChars: number
  readonly maxReasoningChars: number
}

export const DEFAULT_PROVIDER_LIMITS: ProviderLimits = {
  connectMs: 10_000,
  firstTokenMs: 60_000,
  betweenTokensMs: 45_000,
  totalMs: 600_000,
  tailMs: 1_000,
  maxEventBytes: 1_000_000,
  maxBodyBytes: 64_000_000,
  maxAnswerChars: 200_000,
  maxReasoningChars: 1_000_000,
}
