import type { FailureKind } from './provider.ts'

export type FinishMeaning =
  | { readonly finish: 'stop' | 'length' }
  | { readonly failure: FailureKind; readonly retryable: boolean }

const MEANINGS: ReadonlyMap<string, FinishMeaning> = new Map([
  ...meaning(['stop', 'eos', 'eos_token', 'end_turn', 'stop_sequence', 'completed', 'complete'], { finish: 'stop' }),
  ...meaning(['length', 'max_tokens', 'max_output_tokens', 'max_length', 'model_length'], { finish: 'length' }),
  ...meaning(['content_filter', 'safety', 'recitation', 'prohibited_content', 'blocklist', 'sensitive'], {
    failure: 'content-filter',
    retryable: false,
  }),
  ...meaning(['tool_calls', 'function_call', 'tool_use'], { failure: 'unsupported', retryable: false }),
  ...meaning(['error', 'abort', 'cancelled', 'insufficient_system_resource'], { failure: 'server', retryable: true }),
])

/**
 * What a provider's word for the end of an answer means. A word we do not know may stand for a broken answer: nobody
 * should vote on that, so it is a failure whose text shows the word to the operator.
 */
export function toFinishMeaning(reason: string): FinishMeaning {
  return MEANINGS.get(reason.toLowerCase()) ?? { failure: 'malformed', retryable: false }
}

function meaning(words: readonly string[], is: FinishMeaning): [string, FinishMeaning][] {
  return words.map((word) => [word, is])
}
