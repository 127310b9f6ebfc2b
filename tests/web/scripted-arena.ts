import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import { ClientFrame, type ClientFrameOf, type ServerFrame } from '../../contract/socket.ts'

type Say = (frame: ServerFrame) => void

/** A server that says exactly what a test tells it to, over real sockets, and remembers every frame it hears. */
export interface ScriptedArena {
  readonly httpUrl: string
  readonly socketUrl: string
  readonly heard: ClientFrame[]
  /** Sockets that were opened so far. */
  readonly connections: number
  /** What to answer; replaceable at any moment. A welcome goes out by itself. */
  answer: (frame: ClientFrame, say: Say) => void
  /** Answers HTTP requests; true when it did. */
  answerHttp: (request: IncomingMessage, response: ServerResponse) => boolean
  /** Accepts sockets but says nothing at all, not even the welcome: a half-open line. */
  mute: boolean
  build: string
  say: Say
  /** Resolves with the first frame of this type after the first `skip`, once it was heard. */
  hears<T extends ClientFrame['type']>(type: T, skip?: number): Promise<ClientFrameOf<T>>
  /** Breaks every line without a word. */
  cut(): void
  close(): Promise<void>
}

export async function scriptedArena(): Promise<ScriptedArena> {
  const heard: ClientFrame[] = []
  const lines = new Set<WebSocket>()
  const waiting = new Set<() => void>()
  let connections = 0

  const http = createServer((request, response) => {
    if (!arena.answerHttp(request, response)) response.writeHead(404).end()
  })
  const sockets = new WebSocketServer({ server: http })
  sockets.on('connection', (line) => {
    connections += 1
    lines.add(line)
    const say: Say = (frame) => line.send(JSON.stringify(frame))
    line.on('close', () => lines.delete(line))
    line.on('error', () => line.terminate())
    line.on('message', (data) => {
      const frame = ClientFrame.parse(JSON.parse(textOf(data)))
      heard.push(frame)
      if (!arena.mute) {
        if (frame.type === 'ping') say({ type: 'pong' })
        arena.answer(frame, say)
      }
      for (const check of waiting) check()
    })
    if (!arena.mute) say({ type: 'welcome', protocol: 1, build: arena.build })
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo

  const arena: ScriptedArena = {
    httpUrl: `http://127.0.0.1:${port}`,
    socketUrl: `ws://127.0.0.1:${port}/api/v1/socket`,
    heard,
    get connections() {
      return connections
    },
    answer: () => undefined,
    answerHttp: () => false,
    mute: false,
    build: 'test',
    say(frame) {
      for (const line of lines) line.send(JSON.stringify(frame))
    },
    hears: (type, skip = 0) =>
      new Promise((resolve) => {
        const check = () => {
          const found = heard.filter((frame): frame is ClientFrameOf<typeof type> => frame.type === type)[skip]
          if (!found) return
          waiting.delete(check)
          resolve(found)
        }
        waiting.add(check)
        check()
      }),
    cut() {
      for (const line of lines) line.terminate()
    },
    async close() {
      arena.cut()
      sockets.close()
      await new Promise((resolve) => http.close(resolve))
    },
  }
  return arena
}

const textOf = (data: RawData): string =>
  (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(new Uint8Array(data))).toString('utf8')
