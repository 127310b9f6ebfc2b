import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { rootCertificates } from 'node:tls'
import { toStatusFailure } from './endpoint-failures.ts'
import { ProviderFailure } from './provider.ts'
import { readRetryAfter } from './retry-after.ts'

/**
 * The `fetch` that the SDK is given. It is made of `node:http`, not of the global fetch, because we need what that hides:
 * the moment the connection stands, a certificate authority of the operator's, no redirects, no decompression, and the
 * body as it arrives (through web streams each token would cost a third more).
 */
export interface EndpointFetch {
  /** @throws ProviderFailure for every answer but a good one, and the error of the connection as it is */
  (url: string, init: EndpointRequest): Promise<OpenResponse>
  close(): void
}

export interface EndpointRequest {
  readonly method: string
  readonly headers: Headers
  readonly body: string | undefined
  readonly signal: AbortSignal
  readonly onConnected: () => void
}

/** A good answer whose body has not been read: it is in `incoming` alone, the web body is empty. */
export class OpenResponse extends Response {
  readonly incoming: IncomingMessage

  constructor(incoming: IncomingMessage, init: ResponseInit) {
    super(null, init)
    this.incoming = incoming
  }
}

/** Nobody needs more of an error to understand it. */
const ERROR_BODY_BYTES = 65_536

/** What the SDK adds for its maker's statistics stays here; the endpoint gets what it needs. */
const SENT_HEADERS = ['accept', 'authorization', 'content-type', 'user-agent']

export interface EndpointFetchOptions {
  /** PEM text of an authority to trust beside the usual ones. */
  readonly certificateAuthority: string | undefined
  /** Wall clock, for `Retry-After` dates. */
  readonly now: () => number
}

export function createEndpointFetch(options: EndpointFetchOptions): EndpointFetch {
  const ca =
    options.certificateAuthority === undefined ? {} : { ca: [...rootCertificates, options.certificateAuthority] }
  const httpAgent = new HttpAgent({ keepAlive: true, maxFreeSockets: 64 })
  const httpsAgent = new HttpsAgent({ keepAlive: true, maxFreeSockets: 64, ...ca })

  const ask = async (url: string, init: EndpointRequest): Promise<IncomingMessage> => {
    const isSecure = url.startsWith('https:')
    const agent = isSecure ? httpsAgent : httpAgent
    return await send(url, init, { method: init.method, headers: toHeaders(init), agent, isSecure })
  }

  const fetch = async (url: string, init: EndpointRequest): Promise<OpenResponse> => {
    const incoming = await ask(url, init)
    const status = incoming.statusCode ?? 0
    if (status >= 200 && status < 300) return new OpenResponse(incoming, { status, headers: readHeaders(incoming) })
    if (status < 400 || status > 599) {
      incoming.destroy()
      throw unusableStatus(status)
    }
    const body = await readBounded(incoming, ERROR_BODY_BYTES)
    throw toStatusFailure({ status, body, retryAfterMs: readRetryAfter(readHeaders(incoming), options.now()) })
  }

  return Object.assign(fetch, {
    close: () => {
      for (const { freeSockets } of [httpAgent, httpsAgent])
        for (const sockets of Object.values(freeSockets)) for (const socket of sockets ?? []) socket.destroy()
    },
  })
}

function toHeaders({ headers, body }: EndpointRequest): Record<string, string> {
  const sent: Record<string, string> = { 'accept-encoding': 'identity' }
  for (const name of SENT_HEADERS) {
    const value = headers.get(name)
    if (value !== null) sent[name] = value
  }
  if (body !== undefined) sent['content-length'] = String(Buffer.byteLength(body))
  return sent
}

type SendOptions = RequestOptions & { readonly isSecure: boolean }

async function send(url: string, init: EndpointRequest, options: SendOptions): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    const request = (options.isSecure ? httpsRequest : httpRequest)(url, options, resolve)
    const leave = (): void => void request.destroy(new Error('aborted'))
    init.signal.addEventListener('abort', leave, { once: true })
    request.once('close', () => init.signal.removeEventListener('abort', leave))
    request.once('error', (error) => {
      // The endpoint closed an idle connection just as it was used again: a new one is no second attempt.
      const isReset = 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
      const isStale = request.reusedSocket && isReset && !init.signal.aborted
      if (isStale) send(url, init, { ...options, agent: false }).then(resolve, reject)
      else reject(error)
    })
    request.once('socket', (socket) => {
      if (!socket.connecting) init.onConnected()
      else socket.once(options.isSecure ? 'secureConnect' : 'connect', init.onConnected)
    })
    if (init.signal.aborted) leave()
    else request.end(init.body)
  })
}

function readHeaders({ headers }: IncomingMessage): Headers {
  const kept = new Headers()
  for (const name of ['content-type', 'content-encoding', 'retry-after', 'retry-after-ms']) {
    const value = headers[name]
    if (typeof value === 'string') kept.set(name, value)
  }
  return kept
}

function unusableStatus(status: number): ProviderFailure {
  const isRedirect = status >= 300 && status < 400
  const detail = isRedirect
    ? `answered ${status}: redirects are not followed, the prompt and the key belong to the configured address only`
    : `answered with status ${status}`
  return new ProviderFailure(isRedirect ? 'bad-request' : 'malformed', detail, { retryable: false })
}

/** At most `limit` bytes; the rest of a longer body is not waited for. */
export async function readBounded(incoming: IncomingMessage, limit: number): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of incoming) {
    parts.push(part)
    size += part.length
    if (size >= limit) break
  }
  return Buffer.concat(parts).subarray(0, limit).toString('utf8')
}
