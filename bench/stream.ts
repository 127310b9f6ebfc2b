import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'
import WebSocket from 'ws'
import { messageText } from '../server/socket/message-text.ts'
import { startThread } from '../server/thread.ts'
import { ArenaClient, clientId } from '../tests/support/arena-client.ts'
import { ServerProcess } from '../tests/support/server-process.ts'

/**
 * 200 battles at once, 400 upstream streams of 50 tokens a second each. Every token carries the time at which the
 * endpoint sent it; its delay is measured once read directly from the endpoint and once through Ringside, in the same
 * run, at the same load. What Ringside adds is the difference.
 *
 * npm run bench -- stream [BATTLES] [SECONDS]
 */
const BATTLES = Number(process.argv[2] ?? 200)
const SECONDS = Number(process.argv[3] ?? 20)
const TOKENS_PER_SECOND = 50

interface Delays {
  readonly p50: number
  readonly p99: number
  readonly tokens: number
}

/** The endpoint: stamps each token with the microsecond of its sending, all streams on one steady grid. */
async function runEndpoint(seconds: number): Promise<void> {
  const { createServer } = await import('node:http')
  const everyMs = 1_000 / TOKENS_PER_SECOND
  const server = createServer((request, response) => {
    if (request.url?.endsWith('/models')) return response.end('{"object":"list","data":[]}')
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const startedAt = performance.now()
    let sent = 0
    const total = seconds * TOKENS_PER_SECOND
    const timer = setInterval(() => {
      while (sent < total && performance.now() - startedAt >= sent * everyMs) {
        const stamp = String(Math.round((performance.timeOrigin + performance.now()) * 10)).slice(-9)
        response.write(
          `data: {"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"${stamp} "},"finish_reason":null}]}\n\n`,
        )
        sent += 1
      }
      if (sent < total) return
      clearInterval(timer)
      response.end('data: {"id":"x","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n')
    }, everyMs / 4)
    response.on('close', () => clearInterval(timer))
    return undefined
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  parentPort?.postMessage(typeof address === 'object' && address ? address.port : 0)
}

function delayOf(stamp: string): number {
  const now = Number(String(Math.round((performance.timeOrigin + performance.now()) * 10)).slice(-9))
  return (now - Number(stamp)) / 10
}

function summarise(delays: number[]): Delays {
  delays.sort((first, second) => first - second)
  const at = (share: number) => delays[Math.floor(delays.length * share)] ?? 0
  return { p50: at(0.5), p99: at(0.99), tokens: delays.length }
}

/** 400 plain readers of the endpoint: the least that any server in between could do. */
async function readDirectly(port: number, streams: number): Promise<Delays> {
  const delays: number[] = []
  await Promise.all(
    Array.from({ length: streams }, async () => {
      const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
        method: 'POST',
        body: '{"model":"m","stream":true,"messages":[]}',
      })
      const decoder = new TextDecoder()
      for await (const part of response.body ?? []) {
        for (const [, stamp] of decoder.decode(part, { stream: true }).matchAll(/"content":"(\d+) "/g))
          if (stamp) delays.push(delayOf(stamp))
      }
    }),
  )
  return summarise(delays)
}

async function readThroughRingside(url: string, battles: number): Promise<Delays> {
  const delays: number[] = []
  const sessions = await Promise.all(Array.from({ length: battles }, () => openSession(url)))
  await Promise.all(
    sessions.map(
      (token) =>
        new Promise<void>((resolve, reject) => {
          const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/socket`, {
            headers: { authorization: `Bearer ${token}` },
            perMessageDeflate: false,
          })
          const rest = { a: '', b: '' }
          socket.on('error', reject)
          socket.on('open', () =>
            socket.send(JSON.stringify({ type: 'battle-start', requestId: clientId(), prompt: 'Measure' })),
          )
          socket.on('message', (data) => {
            const frame = JSON.parse(messageText(data)) as { type: string; a: string; b: string }
            if (frame.type === 'battle-delta') {
              for (const side of ['a', 'b'] as const) {
                const parts = (rest[side] + frame[side]).split(' ')
                rest[side] = parts.pop() ?? ''
                for (const stamp of parts) delays.push(delayOf(stamp))
              }
            }
            if (frame.type === 'battle-ready') {
              socket.close()
              resolve()
            }
            if (frame.type === 'battle-failed' || frame.type === 'request-refused') reject(new Error(messageText(data)))
          })
        }),
    ),
  )
  return summarise(delays)
}

async function openSession(url: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/session`, { method: 'POST' })
  return /ringside_voter=([^;]+)/.exec(response.headers.get('set-cookie') ?? '')?.[1] ?? ''
}

function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024
}

function answerOf<T>(worker: Worker): Promise<T> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

async function main(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ringside-bench-stream-'))
  const endpoint = startThread(import.meta.url, './stream', { job: 'endpoint', seconds: SECONDS })
  const port = await answerOf<number>(endpoint)
  const modelsFile = join(dataDir, 'models.json')
  await writeFile(
    modelsFile,
    JSON.stringify({
      models: ['one', 'two', 'three'].map((name) => ({ name, baseUrl: `http://127.0.0.1:${port}/v1`, model: name })),
    }),
  )
  const server = await ServerProcess.create({
    DATA_DIR: dataDir,
    MODELS_FILE: modelsFile,
    LIVE_BATTLES_PER_MINUTE: '1000',
    LOG_LEVEL: 'error',
  })
  try {
    const direct = await answerOf<Delays>(
      startThread(import.meta.url, './stream', { job: 'direct', port, streams: BATTLES * 2 }),
    )
    await server.start()
    const warmUp = await ArenaClient.join(server.url)
    warmUp.drop()
    const memory: number[] = []
    const sampler = setInterval(() => memory.push(residentMb(server.pid)), 1_000)
    const through = await answerOf<Delays>(
      startThread(import.meta.url, './stream', { job: 'ringside', url: server.url, battles: BATTLES }),
    )
    clearInterval(sampler)
    const [early, late] = [memory[Math.floor(memory.length / 3)] ?? 0, memory.at(-1) ?? 0]
    console.log(`${BATTLES} battles at once, ${BATTLES * 2} streams of ${TOKENS_PER_SECOND} tokens/s for ${SECONDS} s`)
    console.log(`  tokens           ${through.tokens} through Ringside, ${direct.tokens} read directly`)
    console.log(`  read directly    p50 ${direct.p50.toFixed(1)} ms, p99 ${direct.p99.toFixed(1)} ms`)
    console.log(`  through Ringside p50 ${through.p50.toFixed(1)} ms, p99 ${through.p99.toFixed(1)} ms`)
    console.log(
      `  added            p50 ${(through.p50 - direct.p50).toFixed(1)} ms, p99 ${(through.p99 - direct.p99).toFixed(1)} ms   (target p99 under 20 ms)`,
    )
    console.log(
      `  memory           ${early.toFixed(0)} MB after a third, ${late.toFixed(0)} MB at the end, ${Math.max(...memory).toFixed(0)} MB peak`,
    )
  } finally {
    await server.stop('SIGTERM')
    await endpoint.terminate()
    await rm(dataDir, { recursive: true, force: true })
  }
}

if (isMainThread) await main()
else if (workerData.job === 'endpoint') await runEndpoint(workerData.seconds)
else if (workerData.job === 'direct') parentPort?.postMessage(await readDirectly(workerData.port, workerData.streams))
else parentPort?.postMessage(await readThroughRingside(workerData.url, workerData.battles))
