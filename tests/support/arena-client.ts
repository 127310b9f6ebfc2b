import { randomBytes } from 'node:crypto'
import WebSocket from 'ws'
import type { Leaderboard } from '../../contract/leaderboard.ts'
import type { ClientFrameInput, ServerFrame, ServerFrameOf } from '../../contract/socket.ts'
import { messageText } from '../../server/socket/message-text.ts'

export function clientId(): string {
  return randomBytes(12).toString('base64url')
}

type FrameType = ServerFrame['type']

/** A client without a browser: one voter, one socket, everything it was ever sent. */
export class ArenaClient {
  readonly url: string
  readonly token: string
  /** Every message as it came, byte for byte. */
  readonly received: string[] = []
  readonly frames: ServerFrame[] = []
  /** Resolves when the server has closed the line. */
  closed: Promise<void> = Promise.resolve()
  #socket: WebSocket | undefined
  readonly #waiting = new Set<(frame: ServerFrame) => void>()

  private constructor(url: string, token: string) {
    this.url = url
    this.token = token
  }

  /** Opens a session of a new voter and a socket. */
  static async join(url: string): Promise<ArenaClient> {
    const client = new ArenaClient(url, await openSession(url))
    await client.connect()
    return client
  }

  /** A voter whose session exists already. */
  static async joinAs(url: string, token: string): Promise<ArenaClient> {
    const client = new ArenaClient(url, token)
    await client.connect()
    return client
  }

  /** The same voter on another socket, such as a second tab. */
  async secondTab(): Promise<ArenaClient> {
    const client = new ArenaClient(this.url, this.token)
    await client.connect()
    return client
  }

  async connect(): Promise<void> {
    const socket = new WebSocket(`${this.url.replace('http', 'ws')}/api/v1/socket`, {
      headers: { authorization: `Bearer ${this.token}` },
      perMessageDeflate: false,
    })
    this.#socket = socket
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()))
    socket.on('message', (data) => this.#receive(messageText(data)))
    const welcome = this.next('welcome')
    welcome.catch(() => {})
    await new Promise((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
      socket.once('unexpected-response', (_request, response) =>
        reject(new Error(`refused with ${response.statusCode}`)),
      )
    })
    socket.on('error', () => {})
    await welcome
  }

  send(frame: ClientFrameInput): void {
    this.#socket?.send(JSON.stringify(frame))
  }

  sendRaw(text: string): void {
    this.#socket?.send(text)
  }

  /** The next frame of a type, from now on, for which `when` holds. */
  next<T extends FrameType>(
    type: T,
    when: (frame: ServerFrameOf<T>) => boolean = () => true,
    withinMs = 15_000,
  ): Promise<ServerFrameOf<T>> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look)
        reject(
          new Error(
            `no "${type}" within ${withinMs} ms; last frames: ${this.received.slice(-5).join(' ').slice(0, 2_000)}`,
          ),
        )
      }, withinMs)
      timer.unref()
      const look = (frame: ServerFrame) => {
        if (!isOfType(frame, type) || !when(frame)) return
        clearTimeout(timer)
        this.#waiting.delete(look)
        resolve(frame)
      }
      this.#waiting.add(look)
    })
  }

  /** Starts a battle; resolves with its snapshot or throws the refusal's code. */
  async start(
    options: { prompt?: string; language?: string; arena?: string; requestId?: string } = {},
  ): Promise<ServerFrameOf<'battle-snapshot'>['battle']> {
    return this.#ask({ type: 'battle-start', requestId: clientId(), ...options })
  }

  async resume(battleId: string): Promise<ServerFrameOf<'battle-snapshot'>['battle']> {
    return this.#ask({ type: 'battle-resume', battleId, requestId: clientId() })
  }

  async continue(battleId: string, prompt: string): Promise<ServerFrameOf<'battle-snapshot'>['battle']> {
    return this.#ask({ type: 'battle-continue', battleId, prompt, requestId: clientId() })
  }

  async regenerate(battleId: string): Promise<ServerFrameOf<'battle-snapshot'>['battle']> {
    return this.#ask({ type: 'battle-regenerate', battleId, requestId: clientId() })
  }

  async #ask(frame: ClientFrameInput & { requestId: string }): Promise<ServerFrameOf<'battle-snapshot'>['battle']> {
    const answer = this.next('battle-snapshot', ({ requestId }) => requestId === frame.requestId)
    const refusal = this.next('request-refused', ({ requestId }) => requestId === frame.requestId)
    answer.catch(() => {})
    refusal.catch(() => {})
    this.send(frame)
    const first = await Promise.race([answer, refusal])
    if (first.type === 'request-refused') throw new Error(first.code)
    return first.battle
  }

  /** Starts a live battle and waits for its end. */
  async playTurn(prompt: string): Promise<ServerFrameOf<'battle-snapshot'>['battle']> {
    const battle = await this.start({ prompt })
    await this.ended(battle.id)
    return battle
  }

  async ended(battleId: string): Promise<'ready' | 'failed'> {
    const seen = this.frames.find(
      (frame) => (frame.type === 'battle-ready' || frame.type === 'battle-failed') && frame.battleId === battleId,
    )
    if (seen) return seen.type === 'battle-ready' ? 'ready' : 'failed'
    const ready = this.next('battle-ready', (frame) => frame.battleId === battleId)
    const failed = this.next('battle-failed', (frame) => frame.battleId === battleId)
    ready.catch(() => {})
    failed.catch(() => {})
    const frame = await Promise.race([ready, failed])
    return frame.type === 'battle-ready' ? 'ready' : 'failed'
  }

  async vote(
    battle: { id: string; turns: readonly { turn: number; generation: number }[] },
    outcome: 'a' | 'b' | 'tie' | 'both_bad',
    voteId = clientId(),
  ): Promise<ServerFrameOf<'vote-recorded'>> {
    const last = battle.turns.at(-1)
    if (!last) throw new Error('the battle has no turn')
    const recorded = this.next('vote-recorded', ({ vote }) => vote.voteId === voteId)
    const refused = this.next('vote-refused', (frame) => frame.voteId === voteId)
    recorded.catch(() => {})
    refused.catch(() => {})
    this.send({ type: 'vote-cast', voteId, battleId: battle.id, turn: last.turn, generation: last.generation, outcome })
    const first = await Promise.race([recorded, refused])
    if (first.type === 'vote-refused') throw new Error(first.code)
    return first
  }

  async withdraw(supersedes: string, voteId = clientId()): Promise<void> {
    const withdrawn = this.next('vote-withdrawn', (frame) => frame.voteId === voteId)
    const refused = this.next('vote-refused', (frame) => frame.voteId === voteId)
    withdrawn.catch(() => {})
    refused.catch(() => {})
    this.send({ type: 'vote-withdraw', voteId, supersedes })
    const first = await Promise.race([withdrawn, refused])
    if (first.type === 'vote-refused') throw new Error(first.code)
  }

  async leaderboard(category = 'overall'): Promise<Leaderboard> {
    const response = await fetch(`${this.url}/api/v1/leaderboard?arena=text&category=${category}`)
    return (await response.json()) as Leaderboard
  }

  /** Cuts the line without a goodbye. */
  drop(): void {
    this.#socket?.terminate()
  }

  async close(): Promise<void> {
    const socket = this.#socket
    if (!socket || socket.readyState === WebSocket.CLOSED) return
    await new Promise((resolve) => {
      socket.once('close', resolve)
      socket.close()
    })
  }

  #receive(message: string): void {
    this.received.push(message)
    const frame = JSON.parse(message) as ServerFrame
    this.frames.push(frame)
    for (const look of this.#waiting) look(frame)
  }
}

async function openSession(url: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/session`, { method: 'POST' })
  const token = /ringside_voter=([^;]+)/.exec(response.headers.get('set-cookie') ?? '')?.[1]
  if (!token) throw new Error(`no session: ${response.status} ${await response.text()}`)
  return token
}

function isOfType<T extends FrameType>(frame: ServerFrame, type: T): frame is ServerFrameOf<T> {
  return frame.type === type
}
