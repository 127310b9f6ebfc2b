import { type ReadonlySignal, signal } from '@preact/signals'
import type { ClientFrameInput, ServerFrame } from '../contract/socket.ts'

export type Connection = 'connecting' | 'online' | 'offline'

/** The one line to the server. Frames that must be answered are sent again after a break, with the same ids. */
export interface ArenaSocket {
  readonly connection: ReadonlySignal<Connection>
  /** The build that the server said at the last welcome; a page of another build is out of date. */
  readonly serverBuild: ReadonlySignal<string | null>
  send(frame: ClientFrameInput): void
  /** Forgets a frame that waits for an answer which nobody wants any more. */
  forget(id: string): void
  onFrame(listener: (frame: ServerFrame) => void): () => void
  /** Called after every welcome, before frames that wait are sent again. */
  onOnline(listener: () => void): () => void
  close(): void
}

/** What we use of a WebSocket: the browser's own, or that of a test. */
export interface Line {
  send(text: string): void
  close(): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  addEventListener(type: 'close' | 'error', listener: () => void): void
}

export interface SocketOptions {
  connect(): Line
  /** Runs before every attempt to connect: the voter's cookie may be gone or the server may be new. */
  prepare?(): Promise<void>
  random?(): number
  timing?: Partial<Timing>
}

interface Timing {
  /** Silence after which we ask whether the line still stands. */
  pingMs: number
  /** Silence after the question by which we know that it does not. */
  pongMs: number
  backoffFirstMs: number
  backoffMostMs: number
}

const TIMING: Timing = { pingMs: 20_000, pongMs: 8_000, backoffFirstMs: 500, backoffMostMs: 20_000 }

/** Full jitter: after a restart a thousand pages must not come back at the same moment. */
export function backoffMs(attempt: number, timing: Pick<Timing, 'backoffFirstMs' | 'backoffMostMs'>, random: number) {
  return random * Math.min(timing.backoffMostMs, timing.backoffFirstMs * 2 ** attempt)
}

export function openSocket(options: SocketOptions): ArenaSocket {
  const timing = { ...TIMING, ...options.timing }
  const random = options.random ?? Math.random
  const connection = signal<Connection>('connecting')
  const serverBuild = signal<string | null>(null)
  const frameListeners = new Set<(frame: ServerFrame) => void>()
  const onlineListeners = new Set<() => void>()
  const waiting = new Map<string, ClientFrameInput>()
  let line: Line | null = null
  let attempt = 0
  let closed = false
  let retryTimer: ReturnType<typeof setTimeout> | undefined
  let watchTimer: ReturnType<typeof setTimeout> | undefined

  const transmit = (frame: ClientFrameInput) => line?.send(JSON.stringify(frame))

  function watch() {
    clearTimeout(watchTimer)
    watchTimer = setTimeout(() => {
      transmit({ type: 'ping' })
      watchTimer = setTimeout(drop, timing.pongMs)
    }, timing.pingMs)
  }

  function drop() {
    clearTimeout(watchTimer)
    const broken = line
    line = null
    broken?.close()
    if (closed) return
    connection.value = 'offline'
    clearTimeout(retryTimer)
    retryTimer = setTimeout(() => void connect(), backoffMs(attempt, timing, random()))
    attempt += 1
  }

  async function connect() {
    clearTimeout(retryTimer)
    const opened = await options.prepare?.().then(
      () => true,
      () => false,
    )
    if (closed || line) return
    if (opened === false) return drop()
    const fresh = options.connect()
    line = fresh
    // Frames and ends of an older line that was given up must not touch the new one.
    fresh.addEventListener('message', ({ data }) => line === fresh && hear(data))
    fresh.addEventListener('close', () => line === fresh && drop())
    fresh.addEventListener('error', () => line === fresh && drop())
    clearTimeout(watchTimer)
    watchTimer = setTimeout(drop, timing.pongMs)
  }

  function hear(data: unknown) {
    const frame = parseServerFrame(data)
    if (!frame) return
    watch()
    if (frame.type === 'welcome') return welcome(frame.build)
    const answered = answeredId(frame)
    if (answered !== undefined) waiting.delete(answered)
    for (const listener of frameListeners) listener(frame)
  }

  function welcome(build: string) {
    attempt = 0
    serverBuild.value = build
    connection.value = 'online'
    // Taken before the listeners run: what they send goes out by itself and must not go twice.
    const again = [...waiting.values()]
    for (const listener of onlineListeners) listener()
    for (const frame of again) transmit(frame)
  }

  /** The browser says that the network is back, or the tab is looked at again: do not wait for the timer. */
  function hurry() {
    if (closed) return
    if (connection.value === 'offline' && !line) {
      attempt = 0
      void connect()
    } else if (connection.value === 'online') {
      clearTimeout(watchTimer)
      transmit({ type: 'ping' })
      watchTimer = setTimeout(drop, timing.pongMs)
    }
  }
  const hurryWhenSeen = () => document.visibilityState === 'visible' && hurry()
  addEventListener('online', hurry)
  addEventListener('offline', hurry)
  document.addEventListener('visibilitychange', hurryWhenSeen)
  void connect()

  return {
    connection,
    serverBuild,
    send(frame) {
      const id = waitingId(frame)
      if (id !== undefined) waiting.set(id, frame)
      if (connection.value === 'online') transmit(frame)
    },
    forget: (id) => void waiting.delete(id),
    onFrame: (listener) => subscribe(frameListeners, listener),
    onOnline: (listener) => subscribe(onlineListeners, listener),
    close() {
      closed = true
      clearTimeout(retryTimer)
      removeEventListener('online', hurry)
      removeEventListener('offline', hurry)
      document.removeEventListener('visibilitychange', hurryWhenSeen)
      drop()
    },
  }
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/**
 * The id by which a frame is answered, when it is safe to send it again unseen. What goes on in a battle is not: whoever
 * asked must look at the battle first, or a question that did arrive would be put twice.
 */
function waitingId(frame: ClientFrameInput): string | undefined {
  if (frame.type === 'battle-start') return frame.requestId
  if (frame.type === 'vote-cast' || frame.type === 'vote-withdraw') return frame.voteId
  return undefined
}

function answeredId(frame: ServerFrame): string | undefined {
  switch (frame.type) {
    case 'battle-snapshot':
    case 'request-refused':
      return frame.requestId
    case 'vote-recorded':
      return frame.vote.voteId
    case 'vote-withdrawn':
    case 'vote-refused':
      return frame.voteId
    default:
      return undefined
  }
}

/** Our own server made the frame by the contract; all that can go wrong on the way is that it is no frame at all. */
function parseServerFrame(data: unknown): ServerFrame | undefined {
  if (typeof data !== 'string') return undefined
  try {
    const frame: unknown = JSON.parse(data)
    return typeof frame === 'object' && frame !== null && 'type' in frame ? (frame as ServerFrame) : undefined
  } catch {
    return undefined
  }
}
