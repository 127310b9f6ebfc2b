import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { toCompletion, toEvent, toFinishEvent, toPieces, toUsageEvent, toChunkFrame } from './endpoint-recipes.ts'
import type { Persona, Recipe, Script, Step } from './endpoint-recipes.ts'
import type { Ticker } from './endpoint-ticker.ts'

export interface Performance {
  readonly response: ServerResponse
  readonly model: string
  readonly id: string
  readonly prompt: string
  /** Counts the requests for this model, from 1. */
  readonly number: number
  readonly stream: boolean
  readonly wantsUsage: boolean
  /** Aborts when the client goes away. */
  readonly gone: AbortSignal
  readonly ticker: Ticker
  /** Headers that the recipe takes away from the stream's own. */
  readonly withheld: Set<string>
  /** Told before the recipe cuts the connection, so that this is not taken for a client that left. */
  readonly onCut: () => void
}

/** Plays a recipe to one response. Resolves when nothing more will be sent. */
export async function play(recipe: Recipe, performance: Performance): Promise<void> {
  if ('steps' in recipe) await playScript(recipe, performance)
  else await playPersona(recipe, performance)
}

const STREAM_HEADERS = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' }

async function playPersona(persona: Persona, performance: Performance): Promise<void> {
  const { response, model, id } = performance
  if (!performance.stream) {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(toCompletion(model, id, textOf(persona, performance), persona.reasoning))
    return
  }
  response.writeHead(200, STREAM_HEADERS)
  if (persona.lateHeaders !== true) response.flushHeaders()
  if (persona.firstTokenMs !== undefined) await pause(persona.firstTokenMs, performance.gone)
  if (performance.gone.aborted) return
  const { before, after } = toChunkFrame(model, id)
  response.write(`${before}{"role":"assistant","content":""}${after}`)
  const sent = await sendTokens(persona, performance, (field, text) => {
    response.write(`${before}{"${field}":${JSON.stringify(text)}}${after}`)
  })
  if (!performance.gone.aborted) end(performance, persona.finish ?? 'stop', sent)
}

async function sendTokens(
  persona: Persona,
  performance: Performance,
  send: (field: string, text: string) => void,
): Promise<number> {
  const thoughts = toPieces(persona.reasoning ?? '')
  const pieces = persona.token ? [] : toPieces(textOf(persona, performance))
  const total = thoughts.length + (persona.token ? (persona.tokens ?? 100) : pieces.length)
  const field = persona.reasoningField ?? 'reasoning_content'
  const sendNext = (index: number): void => {
    const thought = thoughts[index]
    if (thought !== undefined) return send(field, thought)
    const place = index - thoughts.length
    send('content', persona.token?.(place) ?? pieces[place] ?? '')
  }
  await performance.ticker.run({
    count: total,
    perSecond: persona.tokensPerSecond ?? Number.POSITIVE_INFINITY,
    send: sendNext,
    isFull: () => performance.response.writableNeedDrain,
    gone: performance.gone,
  })
  return total
}

function textOf(persona: Persona, performance: Performance): string {
  const { text } = persona
  if (text === undefined) return 'A short answer, in plain words.'
  if (typeof text === 'string') return text
  if (typeof text === 'function') return text(performance.prompt, performance.number)
  return text[(performance.number - 1) % text.length] ?? ''
}

async function playScript(script: Script, performance: Performance): Promise<void> {
  const { response } = performance
  for (const step of script.steps) {
    if (performance.gone.aborted || response.writableEnded) return
    await playStep(step, performance)
    if ('cut' in step) return
  }
  if (performance.gone.aborted || response.writableEnded || response.destroyed) return
  openStream(performance)
  response.end()
}

async function playStep(step: Step, performance: Performance): Promise<void> {
  const { response, model, id, gone } = performance
  if ('wait' in step) return await pause(step.wait, gone)
  if ('cut' in step) return await cut(performance, step.cut)
  if ('tcp' in step) return void response.socket?.write(step.tcp)
  if ('headers' in step && !('status' in step)) return setHeaders(performance, step.headers)
  if ('status' in step) return answerStatus(response, step)
  openStream(performance)
  if ('chunk' in step) return writeDelta(performance, { content: step.chunk })
  if ('reasoning' in step) return writeDelta(performance, { [step.field ?? 'reasoning_content']: step.reasoning })
  if ('event' in step) return void response.write(toEvent(step.event))
  if ('raw' in step) return await writeSlices(response, Buffer.from(step.raw), step.every)
  if ('repeat' in step) return await repeat(step.repeat, step.pauseMs ?? 0, performance)
  if ('finish' in step) return void response.write(toFinishEvent(model, id, step.finish))
  end(performance, step.end === true ? 'stop' : step.end, 1)
}

function openStream({ response, withheld }: Performance): void {
  if (response.headersSent) return
  for (const [name, value] of Object.entries(STREAM_HEADERS)) {
    if (!response.hasHeader(name) && !withheld.has(name)) response.setHeader(name, value)
  }
  response.writeHead(200)
  response.flushHeaders()
}

function setHeaders({ response, withheld }: Performance, headers: Readonly<Record<string, string | null>>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (value === null) withheld.add(name.toLowerCase())
    else response.setHeader(name, value)
  }
}

function answerStatus(response: ServerResponse, step: Extract<Step, { status: number }>): void {
  const headers = Object.entries(step.headers ?? {})
  for (const [name, value] of headers) response.setHeader(name, typeof value === 'string' ? value : [...value])
  response.writeHead(step.status)
  response.flushHeaders()
  if (step.body !== undefined) response.end(step.body)
}

function writeDelta({ response, model, id }: Performance, delta: Readonly<Record<string, string>>): void {
  const { before, after } = toChunkFrame(model, id)
  response.write(`${before}${JSON.stringify(delta)}${after}`)
}

async function writeSlices(response: ServerResponse, bytes: Buffer, every = bytes.length): Promise<void> {
  for (let at = 0; at < bytes.length; at += every) {
    response.write(bytes.subarray(at, at + every))
    if (every < bytes.length) await nextTurn()
  }
}

async function repeat(bytes: string | Uint8Array, pauseMs: number, { response, gone }: Performance): Promise<void> {
  while (!gone.aborted && !response.destroyed) {
    const hasRoom = response.write(bytes)
    if (pauseMs > 0) await pause(pauseMs, gone)
    else if (hasRoom) await nextTurn()
    else await drained(response, gone)
  }
}

async function drained(response: ServerResponse, gone: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const goOn = (): void => {
      response.off('drain', goOn)
      gone.removeEventListener('abort', goOn)
      resolve()
    }
    response.once('drain', goOn)
    gone.addEventListener('abort', goOn, { once: true })
  })
}

/** What was written before is flushed first; a reset would otherwise overtake it. */
async function cut({ response, onCut }: Performance, kind: 'fin' | 'rst'): Promise<void> {
  const socket = response.socket
  if (!socket || socket.destroyed) return
  await flushed(socket)
  onCut()
  if (kind === 'rst') socket.resetAndDestroy()
  else socket.destroySoon()
}

async function flushed(socket: Socket): Promise<void> {
  while (socket.writableLength > 0 && !socket.destroyed) await nextTurn()
  await nextTurn()
}

function end({ response, model, id, wantsUsage }: Performance, finish: string, tokens: number): void {
  response.write(toFinishEvent(model, id, finish))
  if (wantsUsage) response.write(toUsageEvent(model, id, tokens))
  response.end('data: [DONE]\n\n')
}

async function pause(ms: number | 'forever', gone: AbortSignal): Promise<void> {
  try {
    await sleep(ms === 'forever' ? 2 ** 31 - 1 : ms, undefined, { signal: gone })
  } catch (error) {
    if (!gone.aborted) throw error
  }
}
