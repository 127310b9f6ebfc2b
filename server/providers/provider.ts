import type { ModelEndpoint } from '../../db/store.ts'

/**
 * The port to model endpoints. A stream yields events and then ends with exactly one `end`; everything else that can
 * happen is thrown as a `ProviderFailure`. Silence is not success: a stream that stops without saying that it is complete
 * fails as `cut`. When `signal` aborts, the stream throws a failure of kind `aborted`.
 */
export interface Provider {
  stream(request: ProviderRequest): AsyncIterable<ProviderEvent>
}

export interface ProviderRequest {
  readonly endpoint: ModelEndpoint
  readonly messages: readonly ChatMessage[]
  readonly signal: AbortSignal
}

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

export type ProviderEvent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  | {
      readonly type: 'end'
      readonly finish: 'stop' | 'length'
      readonly promptTokens: number | null
      readonly completionTokens: number | null
    }

export type FailureKind =
  | 'connect'
  | 'authentication'
  | 'bad-request'
  | 'not-found'
  | 'rate-limited'
  | 'server'
  | 'stalled'
  | 'cut'
  | 'malformed'
  | 'empty'
  | 'content-filter'
  | 'unsupported'
  | 'too-long'
  | 'aborted'

/** Why a model did not answer. `detail` is for the operator alone and never holds a key. */
export class ProviderFailure extends Error {
  override readonly name = 'ProviderFailure'
  readonly kind: FailureKind
  /** True when asking the same endpoint again may help. */
  readonly retryable: boolean
  /** How long the endpoint asked us to wait; null when it did not say. */
  readonly retryAfterMs: number | null

  constructor(
    kind: FailureKind,
    detail: string,
    options: { retryable: boolean; retryAfterMs?: number | null; cause?: unknown },
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause })
    this.kind = kind
    this.retryable = options.retryable
    this.retryAfterMs = options.retryAfterMs ?? null
  }
}
