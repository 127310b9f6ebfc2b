import { createEndpointFetch } from './endpoint-fetch.ts'
import { openExchange, type EndpointNotice, type ExchangeTools } from './exchange.ts'
import type { KeyRing } from './secrets.ts'
import { DEFAULT_PROVIDER_LIMITS, type ProviderLimits } from './provider-limits.ts'
import type { Provider } from './provider.ts'

export type { EndpointNotice } from './exchange.ts'

export interface OpenAiProviderOptions {
  /** Where the models' keys are, by the names in their `apiKeyEnv`. The same ring can serve the logger. */
  readonly keys: KeyRing
  readonly limits?: Partial<ProviderLimits>
  /** PEM text of a certificate authority to trust beside the usual ones. */
  readonly certificateAuthority?: string
  /** Wall clock, for `Retry-After` dates. */
  readonly now?: () => number
  /** Oddities of endpoints that do no harm, for the operator's log. */
  readonly onNotice?: (notice: EndpointNotice) => void
}

export interface OpenAiProvider extends Provider {
  /** Loads the client library ahead of the first question; otherwise that question waits for it. */
  prepare(): Promise<void>
  /** Closes idle connections. Streams under way go on. */
  close(): void
}

/** Any endpoint that speaks OpenAI's chat completions, through the `openai` package. */
export function createOpenAiProvider(options: OpenAiProviderOptions): OpenAiProvider {
  const fetch = createEndpointFetch({
    certificateAuthority: options.certificateAuthority,
    now: options.now ?? Date.now,
  })
  const tools: ExchangeTools = {
    keys: options.keys,
    limits: { ...DEFAULT_PROVIDER_LIMITS, ...options.limits },
    onNotice: options.onNotice ?? (() => {}),
    fetch,
  }
  return {
    stream: (request) => ({ [Symbol.asyncIterator]: () => openExchange(request, tools) }),
    prepare: async () => void (await import('openai')),
    close: fetch.close,
  }
}
