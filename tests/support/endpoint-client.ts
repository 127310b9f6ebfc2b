import { setTimeout as sleep } from 'node:timers/promises'
import type { ModelEndpoint } from '../../db/store.ts'
import { createOpenAiProvider, type EndpointNotice } from '../../server/providers/openai-provider.ts'
import type { ProviderLimits } from '../../server/providers/provider-limits.ts'
import {
  ProviderFailure,
  type ChatMessage,
  type Provider,
  type ProviderEvent,
} from '../../server/providers/provider.ts'
import { createKeyRing } from '../../server/providers/secrets.ts'
import { startScriptedEndpoint, type Recipe, type ScriptedEndpoint, type Step } from './scripted-endpoint.ts'

/** What one question came to, through the real provider and a real socket. */
export interface Reply {
  readonly events: readonly ProviderEvent[]
  readonly text: string
  readonly reasoning: string
  readonly end: Extract<ProviderEvent, { type: 'end' }> | undefined
  readonly failure: ProviderFailure | undefined
  readonly notices: readonly string[]
  readonly endpoint: ScriptedEndpoint
}

export interface AskOptions {
  readonly limits?: Partial<ProviderLimits>
  readonly endpoint?: Partial<ModelEndpoint>
  readonly environment?: Readonly<Record<string, string>>
  readonly messages?: readonly ChatMessage[]
  readonly signal?: AbortSignal
  readonly now?: () => number
}

export const QUESTION: readonly ChatMessage[] = [{ role: 'user', content: 'How are you?' }]

/** Starts an endpoint with one model, asks it once, closes it. */
export async function askScripted(recipe: Recipe | readonly Recipe[], options: AskOptions = {}): Promise<Reply> {
  const endpoint = await startScriptedEndpoint({ models: { owl: recipe } })
  try {
    const reply = await askAt(endpoint, options)
    // Who closed first is part of what tests ask: an upstream left open shows as cut by `close`, not as aborted by us.
    await Promise.race([endpoint.requests[0]?.closed, sleep(LONGEST_FAREWELL_MS)])
    return reply
  } finally {
    await endpoint.close()
  }
}

const LONGEST_FAREWELL_MS = 1_000

export async function askSteps(...steps: readonly Step[]): Promise<Reply> {
  return await askScripted({ steps })
}

export async function askAt(endpoint: ScriptedEndpoint, options: AskOptions = {}): Promise<Reply> {
  const notices: EndpointNotice[] = []
  const provider = createOpenAiProvider({
    keys: createKeyRing(options.environment ?? {}),
    limits: options.limits ?? {},
    onNotice: (notice) => notices.push(notice),
    ...(options.now ? { now: options.now } : {}),
  })
  try {
    const reply = await readReply(provider, toModel(endpoint.baseUrl, options.endpoint), options)
    return { ...reply, notices: notices.map(({ notice }) => notice), endpoint }
  } finally {
    provider.close()
  }
}

export async function readReply(
  provider: Provider,
  endpoint: ModelEndpoint,
  { messages = QUESTION, signal = new AbortController().signal }: AskOptions = {},
): Promise<Omit<Reply, 'notices' | 'endpoint'>> {
  const events: ProviderEvent[] = []
  let failure: ProviderFailure | undefined
  try {
    for await (const event of provider.stream({ endpoint, messages, signal })) events.push(event)
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error
    failure = error
  }
  const join = (type: 'text' | 'reasoning') => events.map((event) => (event.type === type ? event.text : '')).join('')
  const end = events.find((event) => event.type === 'end')
  return { events, text: join('text'), reasoning: join('reasoning'), end, failure }
}

export function toModel(baseUrl: string, more: Partial<ModelEndpoint> = {}): ModelEndpoint {
  return { baseUrl, model: 'owl', apiKeyEnv: null, systemPrompt: null, params: {}, ...more }
}

/** One chunk of a stream around a delta, for recipes that need more than text in it. */
export function chunkOf(delta: unknown, finish: string | null = null): Step {
  return {
    event: {
      id: 'c1',
      object: 'chat.completion.chunk',
      model: 'owl',
      choices: [{ index: 0, delta, finish_reason: finish }],
    },
  }
}
