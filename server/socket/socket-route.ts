import type { FastifyBaseLogger, FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import { SOCKET_PROTOCOL, type ClientFrame, type ServerFrame } from '../../contract/socket.ts'
import type { VoterId } from '../../contract/ids.ts'
import { AppError } from '../app-error.ts'
import { toRefusal, type Refusal } from '../refusal.ts'
import type { Connection, FrameHandlers } from '../realtime/connection.ts'
import { encodeFrame } from '../realtime/encode-frame.ts'
import { readFrame } from './frame-reader.ts'
import { messageText } from './message-text.ts'

/** A client that reads this slowly is disconnected, not buffered without end; it resumes where it was. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024
const PING_EVERY_MS = 30_000
const MAX_UNREADABLE_FRAMES = 10
/** Requests of one socket that may be under way at once. */
const MAX_PENDING_REQUESTS = 32

export interface SocketRouteNeeds {
  readonly handlers: FrameHandlers
  readonly build: string
  /** Who is asking; undefined refuses the upgrade. */
  readonly authenticate: (request: FastifyRequest) => Promise<VoterId | undefined>
  readonly metrics: { socketOpened(): void; socketClosed(): void; refused(code: string): void }
}

/** The one socket endpoint: upgrade, read, dispatch to the feature that knows the frame, encode, keep alive. */
export function socketRoute({ handlers, build, authenticate, metrics }: SocketRouteNeeds): FastifyPluginAsync {
  return async (app) => {
    app.get(
      '/api/v1/socket',
      {
        websocket: true,
        schema: { hide: true },
        preValidation: async (request) => {
          const voterId = await authenticate(request)
          if (!voterId) throw new AppError('session/required', 'Open a session first: POST /api/v1/session')
          request.voterId = voterId
        },
      },
      (socket, request) => {
        const { voterId } = request
        if (!voterId) return socket.close(1008)
        metrics.socketOpened()
        socket.on('close', () => metrics.socketClosed())
        serve({ socket, voterId, handlers, log: request.log, refused: (code) => metrics.refused(code) })
        socket.send(encodeFrame({ type: 'welcome', protocol: SOCKET_PROTOCOL, build }))
        return undefined
      },
    )
  }
}

interface Served {
  readonly socket: WebSocket
  readonly voterId: VoterId
  readonly handlers: FrameHandlers
  readonly log: FastifyBaseLogger
  readonly refused: (code: string) => void
}

function serve({ socket, voterId, handlers, log, refused }: Served): void {
  const send = (frame: ServerFrame) => {
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) return socket.terminate()
    socket.send(encodeFrame(frame))
    return undefined
  }
  const connection: Connection = {
    voterId,
    get isOpen() {
      return socket.readyState === socket.OPEN
    },
    send,
    onClose: (listener) => socket.once('close', listener),
  }
  let unreadable = 0
  let pending = 0

  const answer = async (data: string) => {
    let frame: ClientFrame | undefined
    try {
      frame = readFrame(data)
      pending += 1
      if (pending > MAX_PENDING_REQUESTS) {
        throw new AppError('request/too-many', 'Too many requests at once on one socket', { retryAfterMs: 1_000 })
      }
      await dispatch(handlers, frame, connection)
    } catch (error) {
      const refusal = toRefusal(error)
      if (refusal.code === 'server/failed')
        log.error({ err: error, frame: frame?.type }, 'a frame could not be answered')
      refused(refusal.code)
      send(frame ? refusalOf(frame, refusal) : { type: 'request-refused', ...refusal })
      if (!frame && (unreadable += 1) > MAX_UNREADABLE_FRAMES) socket.close(1008, 'too many unreadable frames')
    } finally {
      if (frame) pending -= 1
    }
  }

  socket.on('error', (error) => log.debug({ err: error }, 'socket error'))
  socket.on('message', (data, isBinary) => {
    if (isBinary) return socket.close(1003, 'expected text frames')
    void answer(messageText(data))
    return undefined
  })
  keepAlive(socket)
}

async function dispatch(handlers: FrameHandlers, frame: ClientFrame, connection: Connection): Promise<void> {
  if (frame.type === 'ping') return connection.send({ type: 'pong' })
  const handler = handlers[frame.type] as
    | ((frame: ClientFrame, connection: Connection) => Promise<void> | void)
    | undefined
  if (!handler) throw new AppError('request/invalid', `type: this server does not take "${frame.type}" frames`)
  await handler(frame, connection)
}

function refusalOf(frame: ClientFrame, refusal: Refusal): ServerFrame {
  if ('voteId' in frame) return { type: 'vote-refused', voteId: frame.voteId, ...refusal }
  if ('requestId' in frame) return { type: 'request-refused', requestId: frame.requestId, ...refusal }
  return { type: 'request-refused', ...refusal }
}

/** A peer that answers neither of two pings is gone, whatever its side of the connection believes. */
function keepAlive(socket: WebSocket): void {
  let unanswered = 0
  const timer = setInterval(() => {
    if (unanswered >= 2) return socket.terminate()
    unanswered += 1
    socket.ping()
    return undefined
  }, PING_EVERY_MS)
  timer.unref()
  socket.on('pong', () => {
    unanswered = 0
  })
  socket.on('close', () => clearInterval(timer))
}
