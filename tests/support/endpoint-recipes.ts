/**
 * What a scripted endpoint can be told to do. A recipe is data: either a *persona*, a well-behaved model with a pace and
 * texts, or *steps*, which can break the protocol at any byte.
 */
export type Recipe = Persona | Script

/** A well-behaved model. Every field has a default; `{}` answers one short text at full speed. */
export interface Persona {
  /** What it answers: one text for all, one per request in turn, or a function of the last user message. */
  readonly text?: string | readonly string[] | ((prompt: string, requestNumber: number) => string)
  /** Instead of `text`: makes each token when it is sent (for benches that put the time of sending into the token). */
  readonly token?: (index: number) => string
  /** How many tokens `token` makes. */
  readonly tokens?: number
  /** Left out: every token at once. */
  readonly tokensPerSecond?: number
  readonly firstTokenMs?: number
  /** Thinking that goes before the text, token by token at the same pace. */
  readonly reasoning?: string
  readonly reasoningField?: 'reasoning_content' | 'reasoning'
  readonly finish?: string
  /** Headers are sent at once; true holds them back until the first token, as some servers do. */
  readonly lateHeaders?: boolean
}

/** Steps, played in order. When they run out the response is ended as it is: silence, no `[DONE]`. */
export interface Script {
  readonly steps: readonly Step[]
}

export type Step =
  /** One chunk with this text as `delta.content`. */
  | { readonly chunk: string }
  /** One chunk with this text as `delta.reasoning_content`, or in the named field. */
  | { readonly reasoning: string; readonly field?: string }
  /** One `data:` event holding this value as JSON. */
  | { readonly event: unknown }
  /** Bytes of the body exactly as given; `every` writes them in slices of so many bytes, one per turn of the loop. */
  | { readonly raw: string | Uint8Array; readonly every?: number }
  /** The same bytes over and over until the client goes away. `pauseMs` 0 writes as fast as the client reads. */
  | { readonly repeat: string | Uint8Array; readonly pauseMs?: number }
  /** Bytes on the TCP socket itself, past HTTP. */
  | { readonly tcp: string | Uint8Array }
  /** Milliseconds, or until the client goes away. */
  | { readonly wait: number | 'forever' }
  /** The status line and headers; without this step: 200 and `text/event-stream`. `body` ends the response. */
  | { readonly status: number; readonly headers?: Headers; readonly body?: string | Uint8Array }
  /** More headers for the 200; `null` takes a header away. */
  | { readonly headers: Readonly<Record<string, string | null>> }
  /** Closes the connection in the middle: with FIN, or with RST. */
  | { readonly cut: 'fin' | 'rst' }
  /** A chunk with a finish reason, and nothing after it. */
  | { readonly finish: string | null }
  /** Finish reason (default `stop`), usage if asked for, `[DONE]`, end of the response. */
  | { readonly end: true | string }

type Headers = Readonly<Record<string, string | readonly string[]>>

const CREATED = 1_700_000_000

/** The envelope around a delta, made once per response so that a token costs one `JSON.stringify` of its text. */
export function toChunkFrame(model: string, id: string): { before: string; after: string } {
  const head = JSON.stringify({
    id,
    object: 'chat.completion.chunk',
    created: CREATED,
    model,
    system_fingerprint: 'fp_scripted',
  })
  return {
    before: `data: ${head.slice(0, -1)},"choices":[{"index":0,"delta":`,
    after: ',"logprobs":null,"finish_reason":null}]}\n\n',
  }
}

export function toFinishEvent(model: string, id: string, finish: string | null): string {
  const choices = [{ index: 0, delta: {}, logprobs: null, finish_reason: finish }]
  return toEvent({ id, object: 'chat.completion.chunk', created: CREATED, model, choices })
}

export function toUsageEvent(model: string, id: string, tokens: number): string {
  const usage = { prompt_tokens: 7, completion_tokens: tokens, total_tokens: 7 + tokens }
  return toEvent({ id, object: 'chat.completion.chunk', created: CREATED, model, choices: [], usage })
}

export function toEvent(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`
}

/** The whole answer in one JSON body, as for a request without `stream`. */
export function toCompletion(model: string, id: string, text: string, reasoning: string | undefined): string {
  const message = {
    role: 'assistant',
    content: text,
    ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
  }
  return JSON.stringify({
    id,
    object: 'chat.completion',
    created: CREATED,
    model,
    choices: [{ index: 0, message, finish_reason: 'stop' }],
    usage: { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 },
  })
}

/** Pieces of a few letters, much like a tokenizer's; joined they are the text again. */
export function toPieces(text: string): string[] {
  return text.match(/\s*\S{1,5}|\s+/gu) ?? []
}
