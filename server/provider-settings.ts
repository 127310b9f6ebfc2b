import type { Config } from './config.ts'
import type { ProviderLimits } from './providers/provider-limits.ts'

/** An endpoint may send its figures after its last word; waiting longer would show in when an answer ends. */
const TAIL_MS = 250

/** What the settings say about one request to a model endpoint. */
export function providerLimits(config: Config): Partial<ProviderLimits> {
  return {
    connectMs: config.CONNECT_TIMEOUT_MS,
    firstTokenMs: config.FIRST_TOKEN_TIMEOUT_MS,
    betweenTokensMs: config.TOKEN_TIMEOUT_MS,
    totalMs: config.ANSWER_TIMEOUT_MS,
    maxAnswerChars: config.ANSWER_MAX_CHARS,
    tailMs: TAIL_MS,
  }
}
