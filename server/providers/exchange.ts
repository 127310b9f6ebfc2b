import type { IncomingMessage } from 'node:http'
import { createAnswerAssembler, type AnswerAssembler } from './answer-assembler.ts'
import { askEndpoint } from './ask-endpoint.ts'
import { startDeadlines, toTimeFailure, type Deadlines, type Phase } from './deadlines.ts'
import { readBounded, type EndpointFetch, type OpenResponse } from './endpoint-fetch.ts'
import { toConnectionFailure, toLine } from './endpoint-failures.ts'
import { createEventQueue, type EventQueue } from './event-queue.ts'
import type { ProviderLimits } from './provider-limits.ts'
import { ProviderFailure, type ProviderEvent, type ProviderRequest } from './provider.ts'
import type { KeyRing } from './secrets.ts'
import { createSseReader, SseTooLarge, type SseReader } from './sse-reader.ts'

export interface ExchangeTools {
  readonly keys: KeyRing
  readonly limits: ProviderLimits
  readonly onNotice: (notice: EndpointNotice) => void
  readonly fetch: EndpointFetch
}

export interface EndpointNotice {
  readonly host: string
  readonly model: string
  readonly notice: string
}

/** Set to true in a model's `params`: its answers begin with thinking between `<think>` and `</think>`. */
const THINK_TAGS_PARAMETER = 'ringsideThinkTags'

/** Starts asking. The iterator gives out the events of the answer; leaving its loop closes the connection. */
export function openExchange(request: ProviderRequest, tools: ExchangeTools): AsyncIterator<ProviderEvent, undefined> {
  return new Exchange(request, tools).events
}

/**
 * One question and its answer. Whatever happens first decides: the end of the answer, a failure, a limit, the caller's
 * signal, or the caller leaving the loop. After that nothing more is given out and the connection is closed.
 */
class Exchange {
  readonly events: EventQueue<ProviderEvent>
  readonly #tools: ExchangeTools
  readonly #request: ProviderRequest
  readonly #host: string
  readonly #assembler: AnswerAssembler
  readonly #deadlines: Deadlines
  readonly #upstream = new AbortController()
  readonly #onAbort = (): void => this.#fail(new ProviderFailure('aborted', 'stopped by us', { retryable: false }))
  #incoming: IncomingMessage | undefined
  #bytes = 0
  #isOver = false

  constructor(request: ProviderRequest, tools: ExchangeTools) {
    const { endpoint, signal } = request
    this.#request = request
    this.#tools = tools
    this.#host = URL.canParse(endpoint.baseUrl) ? new URL(endpoint.baseUrl).host : 'the endpoint'
    this.events = createEventQueue({
      onFull: () => this.#incoming?.pause(),
      onDrained: () => this.#incoming?.resume(),
      onLeft: () => this.#stop(),
    })
    this.#deadlines = startDeadlines(tools.limits, (phase) => this.#expire(phase))
    this.#assembler = createAnswerAssembler({
      keys: tools.keys,
      limits: tools.limits,
      hasThinkTags: endpoint.params[THINK_TAGS_PARAMETER] === true,
      emit: this.events.push,
      onToken: this.#deadlines.touch,
      onNotice: (notice) => tools.onNotice({ host: this.#host, model: endpoint.model, notice }),
    })
    signal.addEventListener('abort', this.#onAbort, { once: true })
    if (signal.aborted) this.#onAbort()
    else this.#run().catch((error: unknown) => this.#fail(error))
  }

  async #run(): Promise<void> {
    const { endpoint, messages } = this.#request
    const response = await askEndpoint({
      endpoint,
      messages,
      key: this.#tools.keys.find(endpoint.apiKeyEnv),
      fetch: this.#tools.fetch,
      signal: this.#upstream.signal,
      onConnected: () => this.#isOver || this.#deadlines.enter('first-token'),
    })
    const { incoming } = response
    // Without a listener an error of the connection would end the process.
    incoming.on('error', (error) => this.#onConnectionEnd(error))
    if (this.#isOver) return void incoming.destroy()
    this.#incoming = incoming
    if (toBodyKind(response) === 'stream') return this.#readStream(incoming)
    this.#assembler.readWhole(await this.#readWholeBody(incoming))
    this.#succeed()
  }

  #readStream(incoming: IncomingMessage): void {
    const { maxEventBytes } = this.#tools.limits
    const sse = createSseReader({ maxEventBytes, onEvent: this.#assembler.readEvent })
    incoming.on('data', (part: Buffer) => {
      if (!this.#isOver) this.#readPart(part, sse)
    })
    incoming.once('end', () => this.#onConnectionEnd())
    incoming.once('close', () => this.#onConnectionEnd())
  }

  #readPart(part: Buffer, sse: SseReader): void {
    const { maxBodyBytes } = this.#tools.limits
    const hadFinishReason = this.#assembler.hasFinishReason
    this.#bytes += part.length
    try {
      if (this.#bytes > maxBodyBytes) throw tooLong(`more than ${maxBodyBytes} bytes`)
      sse.push(part)
    } catch (error) {
      return this.#fail(error)
    }
    if (this.#assembler.isDone) this.#succeed()
    else if (this.#assembler.hasFinishReason && !hadFinishReason) this.#deadlines.enter('tail')
  }

  async #readWholeBody(incoming: IncomingMessage): Promise<string> {
    const { maxBodyBytes } = this.#tools.limits
    const body = await readBounded(incoming, maxBodyBytes + 1)
    if (body.length > maxBodyBytes) throw tooLong(`more than ${maxBodyBytes} bytes`)
    return body
  }

  /** Once a finish reason has come the answer is whole, however its connection ends. */
  #onConnectionEnd(error?: Error): void {
    if (error && !this.#assembler.hasFinishReason) this.#fail(error)
    else this.#succeed()
  }

  #expire(phase: Phase | 'total'): void {
    if (phase === 'tail') this.#succeed()
    else this.#fail(toTimeFailure(phase, this.#tools.limits))
  }

  #succeed(): void {
    if (this.#isOver) return
    try {
      this.#assembler.complete()
    } catch (error) {
      return this.#fail(error)
    }
    this.#settle()
    this.events.end()
    if (this.#incoming) letGo(this.#incoming, this.#tools.limits.tailMs)
  }

  #fail(error: unknown): void {
    if (this.#isOver) return
    const failure = toFailure(error, this.#incoming !== undefined)
    const detail = this.#tools.keys.mask(`${this.#host}: ${failure.message}`)
    // Causes are left out: they hold requests and answers with all their headers.
    const { kind, retryable, retryAfterMs } = failure
    this.events.fail(new ProviderFailure(kind, detail, { retryable, retryAfterMs }))
    this.#stop()
  }

  #stop(): void {
    if (this.#isOver) return
    this.#settle()
    this.#upstream.abort()
    this.#incoming?.destroy()
  }

  #settle(): void {
    this.#isOver = true
    this.#deadlines.stop()
    this.#request.signal.removeEventListener('abort', this.#onAbort)
  }
}

function toFailure(error: unknown, hasAnswer: boolean): ProviderFailure {
  if (error instanceof SseTooLarge) return tooLong(error.message)
  return toConnectionFailure(error, hasAnswer)
}

function tooLong(detail: string): ProviderFailure {
  return new ProviderFailure('too-long', detail, { retryable: false })
}

/** By its content type, because a page that says "busy" with status 200 is no empty answer. */
function toBodyKind({ status, headers }: OpenResponse): 'stream' | 'whole' {
  const encoding = headers.get('content-encoding') ?? 'identity'
  const type = (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (status === 204 || status === 205) throw new ProviderFailure('empty', `answered ${status}`, { retryable: true })
  if (encoding !== 'identity')
    throw new ProviderFailure('malformed', `compressed (${toLine(encoding)}) though it was asked not to`, {
      retryable: false,
    })
  if (type === 'text/event-stream') return 'stream'
  if (type === 'application/json' || type.endsWith('+json')) return 'whole'
  throw new ProviderFailure(
    'malformed',
    `answered with ${type === '' ? 'no content type' : toLine(type)} instead of a stream`,
    {
      retryable: true,
    },
  )
}

/** What comes after the end is nobody's. A body that ends by itself leaves its connection for the next question. */
function letGo(incoming: IncomingMessage, tailMs: number): void {
  incoming.removeAllListeners('data')
  const timer = setTimeout(() => incoming.destroy(), tailMs)
  incoming.once('close', () => clearTimeout(timer))
  incoming.resume()
}
