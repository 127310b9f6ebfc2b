import fastifyCookie from '@fastify/cookie'
import fastifyHelmet from '@fastify/helmet'
import fastifyStatic from '@fastify/static'
import fastifySwagger from '@fastify/swagger'
import fastifyWebsocket from '@fastify/websocket'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod'
import type { FastifyPluginAsync } from 'fastify'
import type { Problem } from '../contract/arena.ts'
import { ERROR_STATUS } from '../contract/errors.ts'
import { StoreError } from '../db/store.ts'
import { AppError } from './app-error.ts'
import { toRefusal } from './refusal.ts'
import type { OriginGuard } from './origin-guard.ts'
import { webFolder } from './page-build.ts'

const MAX_FRAME_BYTES = 1024 * 1024
/** A client that does not say goodbye holds up the end of the server no longer than this. */
const CLOSE_TIMEOUT_MS = 2_000
const MAX_BODY_BYTES = 1024 * 1024

export interface AppNeeds {
  readonly options: FastifyServerOptions
  readonly origins: OriginGuard
  /** Everything that is served under a path of its own, in reading order. */
  readonly routes: readonly FastifyPluginAsync[]
  readonly version: string
}

/** The HTTP server as one readable list: limits, guards, documents, routes, pages. */
export async function buildApp({ options, origins, routes, version }: AppNeeds): Promise<FastifyInstance> {
  const app = Fastify({
    ...options,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: 30_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    http: { maxHeaderSize: 16 * 1024 },
  })
  app.server.maxHeadersCount = 100
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler((error, request, reply) => {
    const { status, problem } = toProblem(error)
    if (status >= 500) request.log.error({ err: error }, 'a request could not be answered')
    if (problem.error.retryAfterMs !== undefined)
      reply.header('retry-after', Math.ceil(problem.error.retryAfterMs / 1_000))
    return reply.code(status).send(problem)
  })

  app.addHook('onRequest', async (request) => {
    origins.check(request, { isSocket: request.headers.upgrade !== undefined })
  })
  // The socket of a refused upgrade belongs to nobody any more: left open it would hold up the end of the server.
  app.addHook('onResponse', async (request, reply) => {
    if (request.headers.upgrade !== undefined && reply.statusCode >= 400) request.raw.socket.destroySoon()
  })
  await app.register(fastifyCookie)
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: { useDefaults: false, directives: CONTENT_SECURITY_POLICY },
    crossOriginEmbedderPolicy: false,
    // Set by whoever ends TLS; over plain http it would only break local use.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
  })
  await app.register(fastifyWebsocket, {
    options: { maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false },
    preClose: (done) => closeSockets(app.websocketServer, done),
  })
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Ringside',
        version,
        description: 'Blind comparison of language models. Battles and votes travel over the socket: docs/socket.md.',
      },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  })
  for (const route of routes) await app.register(route)
  app.get('/api/v1/openapi.json', { schema: { hide: true } }, () => app.swagger())
  await servePages(app)
  return app
}

/** Says goodbye to every socket, and no longer waits for those that do not answer. */
function closeSockets(server: FastifyInstance['websocketServer'], done: () => void): void {
  for (const socket of server.clients) socket.close(1001, 'the server is stopping')
  const timer = setTimeout(() => {
    for (const socket of server.clients) socket.terminate()
  }, CLOSE_TIMEOUT_MS)
  server.close(() => {
    clearTimeout(timer)
    done()
  })
}

const CONTENT_SECURITY_POLICY = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'"],
  connectSrc: ["'self'"],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
  requireTrustedTypesFor: ["'script'"],
  trustedTypes: ['ringside-markdown'],
}

/** The built page: its files are named by content and kept for ever, the page itself is asked for every time. */
async function servePages(app: FastifyInstance): Promise<void> {
  const folder = webFolder()
  if (!folder) {
    app.setNotFoundHandler((_request, reply) => reply.code(404).send(notFound()))
    return
  }
  await app.register(fastifyStatic, {
    root: folder,
    preCompressed: true,
    cacheControl: false,
    setHeaders: (response, path) => {
      const forEver = path.includes('/assets/')
      response.header('cache-control', forEver ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  app.setNotFoundHandler((request, reply) => {
    const isPage =
      request.method === 'GET' && !request.url.startsWith('/api/') && !/\.[a-z0-9]+(\?|$)/i.test(request.url)
    if (!isPage) return reply.code(404).send(notFound())
    return reply.header('cache-control', 'no-cache').sendFile('index.html')
  })
}

function notFound(): Problem {
  return { error: { code: 'request/not-found', message: 'There is nothing at this address' } }
}

function toProblem(error: unknown): { status: number; problem: Problem } {
  if (error instanceof AppError || error instanceof StoreError) {
    const refusal = toRefusal(error)
    return { status: ERROR_STATUS[refusal.code], problem: { error: refusal } }
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const [first] = error.validation
    const field = first?.instancePath.replace(/^\//, '').replaceAll('/', '.') || (error.validationContext ?? 'request')
    return {
      status: 400,
      problem: { error: { code: 'request/invalid', message: `${field}: ${first?.message ?? 'invalid'}` } },
    }
  }
  const status = statusOf(error)
  if (status === 413)
    return { status, problem: { error: { code: 'request/too-large', message: 'The request is too large' } } }
  if (status < 500)
    return { status, problem: { error: { code: 'request/invalid', message: 'The request could not be read' } } }
  return { status: 500, problem: { error: toRefusal(error) } }
}

function statusOf(error: unknown): number {
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  return Number.isInteger(status) && status >= 400 && status < 600 ? status : 500
}
