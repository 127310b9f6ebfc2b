import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { z } from 'zod'
import { play } from './endpoint-player.ts'
import type { Recipe } from './endpoint-recipes.ts'
import { createTicker } from './endpoint-ticker.ts'

export type { Persona, Recipe, Script, Step } from './endpoint-recipes.ts'

/**
 * A model endpoint on loopback that speaks the OpenAI chat-completions API over a real socket and does what its recipes
 * say, right or wrong.
 *
 * ```ts
 * const endpoint = await startScriptedEndpoint({
 *   models: {
 *     owl: { text: 'A long answer …', tokensPerSecond: 50, firstTokenMs: 200, reasoning: 'Let me see.' },
 *     fox: [{ steps: [{ status: 503, body: 'busy' }] }, { text: 'The second request is answered.' }],
 *     bat: { steps: [{ chunk: 'half an ' }, { cut: 'rst' }] },
 *   },
 * })
 * const models = [{ name: 'owl', baseUrl: endpoint.baseUrl, model: 'owl' }]
 * // …
 * await endpoint.close()
 * ```
 */
export interface ScriptedEndpoint {
  /** `http://127.0.0.1:PORT/v1` */
  readonly baseUrl: string
  readonly port: number
  /** Everything received, in order of arrival; kept up to `logLimit`. */
  readonly requests: readonly ReceivedRequest[]
  /** Chat requests whose response is not over: upstreams left open. */
  readonly open: number
  readonly peakOpen: number
  /** TCP connections accepted so far. */
  readonly connections: number
  /** Chat requests for one model, in order. */
  requestsFor(model: string): ReceivedRequest[]
  /** Replaces the recipes of a model from its next request on; its request count starts again. */
  setRecipe(model: string, recipe: Recipe | readonly Recipe[]): void
  /** Closes connections without a request, as servers do after a while; the client may not have noticed yet. */
  dropIdleConnections(): void
  /** Cuts all connections and stops listening. */
  close(): Promise<void>
}

export interface ReceivedRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** The `model` field of the body; empty when there is none. */
  readonly model: string
  /** Counts the requests for this model, from 1. */
  readonly number: number
  readonly receivedAt: number
  /** How the response ended: whole, cut by the recipe or by `close`, or by the client going away. */
  readonly closed: Promise<Ending>
  /** True once the client has gone away before the response was over. */
  aborted: boolean
  /** `performance.now()` of the end; undefined while the response is open. */
  closedAt: number | undefined
}

export interface ScriptedEndpointOptions {
  /** Recipes by model name. Of a list the n-th request gets the n-th recipe, the last one also all that follow. */
  readonly models: Readonly<Record<string, Recipe | readonly Recipe[]>>
  /** What `/v1/models` does; left out: lists the names above. */
  readonly modelList?: Recipe
  /** Requests without this bearer key are answered 401. */
  readonly apiKey?: string
  readonly logLimit?: number
  /** Speaks TLS with this certificate; `endpoint-certificates.ts` makes good and bad ones. */
  readonly tls?: { readonly key: string; readonly cert: string }
}

export async function startScriptedEndpoint(options: ScriptedEndpointOptions): Promise<ScriptedEndpoint> {
  const recipes = new Map(Object.entries(options.models))
  const counts = new Map<string, number>()
  const requests: ReceivedRequest[] = []
  const sockets = new Set<Socket>()
  const ticker = createTicker()
  const tally = { open: 0, peakOpen: 0, connections: 0, isClosing: false }
  const logLimit = options.logLimit ?? 10_000

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const watch = watchClose(response, () => tally.isClosing)
    const body = await readBody(request)
    const asked = readAsked(body)
    const number = (counts.get(asked.model) ?? 0) + 1
    counts.set(asked.model, number)
    const received = toReceived(request, body, asked.model, number, watch)
    if (requests.length < logLimit) requests.push(received)
    if (options.apiKey !== undefined && request.headers.authorization !== `Bearer ${options.apiKey}`)
      return answerJson(response, 401, { error: { message: 'Incorrect API key provided', code: 'invalid_api_key' } })
    const recipe = pickRecipe(received)
    if (!recipe) return answerMissing(response, received.path, [...recipes.keys()], asked.model)
    tally.open += 1
    tally.peakOpen = Math.max(tally.peakOpen, tally.open)
    response.once('close', () => (tally.open -= 1))
    await play(recipe, {
      response,
      model: asked.model,
      id: `chatcmpl-${asked.model}-${number}`,
      prompt: asked.prompt,
      number,
      stream: asked.stream,
      wantsUsage: asked.wantsUsage,
      gone: watch.gone,
      ticker,
      withheld: new Set(),
      onCut: () => (watch.isCutByRecipe = true),
    })
  }

  const pickRecipe = ({ path, model, number }: ReceivedRequest): Recipe | undefined => {
    if (path === '/v1/models') return options.modelList
    if (path !== '/v1/chat/completions') return undefined
    const recipe = recipes.get(model)
    return isList(recipe) ? (recipe[number - 1] ?? recipe.at(-1)) : recipe
  }

  // A recipe that throws is a mistake in a test: it must be seen there and not swallowed.
  const listener = (request: IncomingMessage, response: ServerResponse): void => void handle(request, response)
  const server = options.tls ? createTlsServer(options.tls, listener) : createServer(listener)
  server.keepAliveTimeout = 60_000
  server.on('connection', (socket) => {
    tally.connections += 1
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
  })
  const port = await listen(server)

  return {
    baseUrl: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}/v1`,
    port,
    requests,
    get open() {
      return tally.open
    },
    get peakOpen() {
      return tally.peakOpen
    },
    get connections() {
      return tally.connections
    },
    requestsFor: (model) => requests.filter((each) => each.model === model && each.path === '/v1/chat/completions'),
    setRecipe: (model, recipe) => {
      recipes.set(model, recipe)
      counts.delete(model)
    },
    dropIdleConnections: () => server.closeIdleConnections(),
    close: async () => {
      tally.isClosing = true
      ticker.close()
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

const Asked = z.object({
  model: z.string().catch(''),
  stream: z.boolean().catch(false),
  stream_options: z.object({ include_usage: z.boolean() }).nullish().catch(undefined),
  messages: z.array(z.object({ role: z.string(), content: z.string() })).catch([]),
})

function readAsked(body: string): { model: string; stream: boolean; wantsUsage: boolean; prompt: string } {
  const asked = Asked.safeParse(body === '' ? {} : parseJson(body)).data
  return {
    model: asked?.model ?? '',
    stream: asked?.stream ?? false,
    wantsUsage: asked?.stream_options?.include_usage ?? false,
    prompt: asked?.messages.findLast((each) => each.role === 'user')?.content ?? '',
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  await new Promise<void>((resolve) => {
    request.once('end', resolve)
    request.once('close', resolve)
  })
  return Buffer.concat(parts).toString('utf8')
}

type Ending = 'sent' | 'cut' | 'aborted'

interface CloseWatch {
  readonly closed: Promise<Ending>
  readonly gone: AbortSignal
  isCutByRecipe: boolean
  onClosed: (how: Ending) => void
}

function watchClose(response: ServerResponse, isClosing: () => boolean): CloseWatch {
  const gone = new AbortController()
  let settle: (how: Ending) => void = () => {}
  const watch: CloseWatch = {
    closed: new Promise((resolve) => (settle = resolve)),
    gone: gone.signal,
    isCutByRecipe: false,
    onClosed: () => {},
  }
  response.once('close', () => {
    const isCut = watch.isCutByRecipe || isClosing()
    const how = response.writableFinished ? 'sent' : isCut ? 'cut' : 'aborted'
    watch.onClosed(how)
    gone.abort()
    settle(how)
  })
  return watch
}

function toReceived(
  request: IncomingMessage,
  body: string,
  model: string,
  number: number,
  watch: CloseWatch,
): ReceivedRequest {
  const received: ReceivedRequest = {
    method: request.method ?? '',
    path: (request.url ?? '').split('?')[0] ?? '',
    headers: request.headers,
    body,
    model,
    number,
    receivedAt: performance.now(),
    closed: watch.closed,
    aborted: false,
    closedAt: undefined,
  }
  watch.onClosed = (how) => {
    received.aborted = how === 'aborted'
    received.closedAt = performance.now()
  }
  return received
}

function answerMissing(response: ServerResponse, path: string, names: readonly string[], model: string): void {
  if (path === '/v1/models')
    return answerJson(response, 200, {
      object: 'list',
      data: names.map((id) => ({ id, object: 'model', owned_by: 'scripted' })),
    })
  answerJson(response, 404, { error: { message: `The model \`${model}\` does not exist`, code: 'model_not_found' } })
}

function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

function isList(recipe: Recipe | readonly Recipe[] | undefined): recipe is readonly Recipe[] {
  return Array.isArray(recipe)
}

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 4096, resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the scripted endpoint has no port')
  return address.port
}
