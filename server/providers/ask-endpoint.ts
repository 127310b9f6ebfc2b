import type { ModelEndpoint } from '../../db/store.ts'
import { OpenResponse, type EndpointFetch } from './endpoint-fetch.ts'
import type { ChatMessage } from './provider.ts'

export interface Question {
  readonly endpoint: ModelEndpoint
  readonly messages: readonly ChatMessage[]
  readonly key: string | null
  readonly fetch: EndpointFetch
  readonly signal: AbortSignal
  readonly onConnected: () => void
}

/** Parameters of this prefix are for Ringside and are not sent. */
const OWN_PARAMETER = /^ringside/

/** Decided by us alone: one answer, streamed, to this conversation. */
const FIXED_PARAMETERS = new Set(['model', 'messages', 'stream', 'n'])

/** Our own limits end a request long before. */
const NEVER_MS = 2 ** 31 - 1

/**
 * Sends one question with the SDK and returns its response unread. A client per question costs some 30 µs and keeps the
 * question's own timers and its key out of anything shared. What the SDK would take from the environment
 * (organisation, project, an admin key) is meant for one provider and is not sent to all.
 */
export async function askEndpoint(question: Question): Promise<OpenResponse> {
  const { endpoint, key, signal } = question
  const call = rememberFailure(question)
  // Loaded on the first question, so that the start of the server does not pay for it.
  const { OpenAI } = await import('openai')
  const client = new OpenAI({
    apiKey: key ?? 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    baseURL: endpoint.baseUrl,
    maxRetries: 0,
    timeout: NEVER_MS,
    logLevel: 'off',
    defaultHeaders: key === null ? { Authorization: null } : {},
    fetch: call.fetch,
  })
  try {
    const response = await client.chat.completions.create(toBody(question), { signal }).asResponse()
    if (response instanceof OpenResponse) return response
  } catch (error) {
    throw call.failure() ?? error
  }
  throw new Error('the SDK returned another response than it was given')
}

/** The SDK wraps what its fetch throws, and drops the cause of whatever sounds like a time-out: so it is kept here. */
function rememberFailure({ fetch, signal, onConnected }: Question) {
  let failure: unknown
  return {
    failure: () => failure,
    fetch: async (url: unknown, init: RequestInit | undefined): Promise<Response> => {
      try {
        const body = typeof init?.body === 'string' ? init.body : undefined
        const headers = new Headers(init?.headers)
        return await fetch(String(url), { method: init?.method ?? 'POST', headers, body, signal, onConnected })
      } catch (error) {
        failure = error
        throw error
      }
    },
  }
}

function toBody({ endpoint, messages }: Question) {
  const params = Object.entries(endpoint.params).filter(
    ([name]) => !OWN_PARAMETER.test(name) && !FIXED_PARAMETERS.has(name),
  )
  const { systemPrompt } = endpoint
  return {
    stream_options: { include_usage: true },
    ...Object.fromEntries(params),
    model: endpoint.model,
    messages: systemPrompt === null ? [...messages] : [{ role: 'system' as const, content: systemPrompt }, ...messages],
    stream: true as const,
  }
}
