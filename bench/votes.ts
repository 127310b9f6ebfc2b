import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { AnswerId, BattleId, ModelId, PromptId, VoterId } from '../contract/ids.ts'
import { openStore } from '../db/open-store.ts'
import { newId, sha256 } from '../server/ids.ts'
import { messageText } from '../server/socket/message-text.ts'
import { startThread } from '../server/thread.ts'
import WebSocket from 'ws'
import { clientId } from '../tests/support/arena-client.ts'
import { pause, ServerProcess } from '../tests/support/server-process.ts'

/**
 * Durable votes per second over many sockets, each sending its next vote when the last one is acknowledged, beside the
 * ceiling: the same insert with the same durability in one process, without sockets, checks or a leaderboard.
 *
 * npm run bench -- votes [SOCKETS] [VOTES]
 */
const SOCKETS = Number(process.argv[2] ?? 500)
const VOTES = Number(process.argv[3] ?? 60_000)
const ROUNDS = Number(process.env.ROUNDS ?? 3)
/** Votes of each socket that are not measured: a server is not restarted for every vote. */
const WARM_UP = 10
/** Beside the flood: half of the wished 10,000 votes a second, evenly, to see what a vote waits when it need not queue. */
const PACED_PER_MS = 5
const PACED_VOTES = 40

interface Latency {
  readonly p50: number
  readonly p99: number
}

interface Measured {
  readonly perSecond: number
  readonly saturated: Latency
  readonly paced: Latency
}

interface Figures extends Measured {
  /** Processor time of the server per vote, all its threads. */
  readonly cpuUs: number
}

async function measureServer(): Promise<Figures> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ringside-bench-votes-'))
  const server = await ServerProcess.create({
    DATA_DIR: dataDir,
    SAMPLE_ARENA: 'off',
    LOG_LEVEL: 'error',
    VOTES_PER_MINUTE: '1000000',
  })
  try {
    const voters = await seedBattles(dataDir)
    await server.start()
    // The clients are a thread of their own, so that this one only waits; they share the machine with the server.
    const clients = startThread(import.meta.url, './votes', {
      url: server.url,
      voters,
      each: Math.floor(VOTES / SOCKETS),
    })
    const failed = new Promise<never>((_, reject) => clients.once('error', reject))
    await Promise.race([once(clients, 'message'), failed])
    const before = server.cpuMs()
    await Promise.race([once(clients, 'message'), failed])
    const cpuUs = ((server.cpuMs() - before) * 1_000) / VOTES
    const [figures] = (await Promise.race([once(clients, 'message'), failed])) as [Measured]
    await clients.terminate()
    return { ...figures, cpuUs }
  } finally {
    await server.stop('SIGTERM')
    await rm(dataDir, { recursive: true, force: true })
  }
}

interface SeededVoter {
  readonly token: string
  readonly battles: readonly string[]
}

/** Voters with battles that wait for their vote: what is measured is voting alone. */
async function seedBattles(dataDir: string): Promise<SeededVoter[]> {
  const store = await openStore({ dataDir, databaseUrl: '', nodeId: 'bench' })
  const at = Date.now()
  const model = (name: string) => ({
    id: ModelId.parse(newId()),
    name,
    organization: null,
    license: null,
    endpoint: null,
    weight: 1,
    price: null,
    modalities: ['text'],
    sample: false,
    status: 'active' as const,
    at,
  })
  const models = await store.upsertModels(Array.from({ length: 10 }, (_, index) => model(`bench ${index}`)))
  const promptId = PromptId.parse(newId())
  const prepared = models.map(({ id: modelId, name }) => ({
    promptId,
    promptKey: 'bench',
    arena: 'text',
    prompt: 'A question',
    language: 'en',
    source: 'bench',
    text: name,
    at,
    categories: ['language-en', 'open-qa'],
    answerId: AnswerId.parse(newId()),
    answerKey: name,
    modelId,
    identityLeaked: false,
  }))
  await store.importAnswers(prepared)
  const [listed] = await store.listPreparedPrompts('text')
  const answers = listed?.answers ?? []
  const seeded: SeededVoter[] = []
  for (let voter = 0; voter < SOCKETS; voter += 1) {
    const [voterId, token] = [VoterId.parse(newId()), randomBytes(32).toString('base64url')]
    await store.recordVoter({ id: voterId, tokenHash: sha256(token), at })
    const battles = Array.from({ length: WARM_UP + PACED_VOTES + Math.ceil(VOTES / SOCKETS) }, () =>
      BattleId.parse(newId()),
    )
    await Promise.all(
      battles.map((id, index) => {
        const [a, b] = [answers[index % 10], answers[(index + 1 + (voter % 9)) % 10]]
        if (!listed || !a || !b) throw new Error('the bench set is incomplete')
        return store.recordBattle({
          id,
          arena: 'text',
          voterId,
          prompt: 'A question',
          language: 'en',
          categories: listed.categories,
          nodeId: 'bench',
          at,
          models: {
            a: a.modelId,
            b: b.modelId,
          },
          prepared: {
            promptId: listed.id,
            answers: {
              a: a.id,
              b: b.id,
            },
          },
        })
      }),
    )
    seeded.push({ token, battles })
  }
  await store.close()
  return seeded
}

/** One voter's socket with at most one vote under way; as lean as a client can be, for it shares the machine. */
class BenchVoter {
  readonly #socket: WebSocket
  readonly #battles: readonly string[]
  #next = 0
  #settle: (failure?: Error) => void = () => {}

  private constructor(socket: WebSocket, battles: readonly string[]) {
    this.#socket = socket
    this.#battles = battles
    socket.on('message', (data) => {
      const text = messageText(data)
      if (text.startsWith('{"type":"vote-recorded"')) this.#settle()
      else if (!text.startsWith('{"type":"welcome"')) this.#settle(new Error(text))
    })
  }

  static async join(url: string, { token, battles }: SeededVoter): Promise<BenchVoter> {
    const headers = { authorization: `Bearer ${token}` }
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/socket`, { headers, perMessageDeflate: false })
    await once(socket, 'open')
    return new BenchVoter(socket, battles)
  }

  /** Casts the next vote; resolves with the milliseconds until its acknowledgement. */
  vote(): Promise<number> {
    const battleId = this.#battles[this.#next]
    this.#next += 1
    const sentAt = performance.now()
    return new Promise((resolve, reject) => {
      this.#settle = (failure) => (failure ? reject(failure) : resolve(performance.now() - sentAt))
      const vote = { voteId: clientId(), battleId, turn: 1, generation: 1, outcome: 'a' }
      this.#socket.send(JSON.stringify({ type: 'vote-cast', ...vote }))
    })
  }
}

interface ClientPlan {
  readonly url: string
  readonly voters: readonly SeededVoter[]
  /** Votes of each socket in the flood. */
  readonly each: number
}

async function runClients({ url, voters: seeded, each }: ClientPlan): Promise<Measured> {
  const voters: BenchVoter[] = []
  for (let from = 0; from < seeded.length; from += 50) {
    voters.push(...(await Promise.all(seeded.slice(from, from + 50).map((voter) => BenchVoter.join(url, voter)))))
  }
  await castAll(voters, WARM_UP)
  parentPort?.postMessage('start')
  const startedAt = performance.now()
  const saturated = await castAll(voters, each)
  const perSecond = saturated.length / ((performance.now() - startedAt) / 1_000)
  parentPort?.postMessage('saturated')
  const paced = await castPaced(voters, PACED_VOTES)
  return { perSecond, saturated: summarise(saturated), paced: summarise(paced) }
}

/** Every socket as fast as it is answered. */
async function castAll(voters: readonly BenchVoter[], each: number): Promise<number[]> {
  const tookMs: number[] = []
  await Promise.all(
    voters.map(async (voter) => {
      for (let count = 0; count < each; count += 1) tookMs.push(await voter.vote())
    }),
  )
  return tookMs
}

/** All sockets in turn, PACED_PER_MS votes a millisecond: a load that the server can keep up with. */
async function castPaced(voters: readonly BenchVoter[], each: number): Promise<number[]> {
  const tookMs: number[] = []
  const startedAt = performance.now()
  await Promise.all(
    voters.map(async (voter, index) => {
      for (let count = 0; count < each; count += 1) {
        const dueAt = startedAt + (count + index / voters.length) * (voters.length / PACED_PER_MS)
        await pause(Math.max(0, dueAt - performance.now()))
        tookMs.push(await voter.vote())
      }
    }),
  )
  return tookMs
}

function summarise(tookMs: number[]): Latency {
  tookMs.sort((first, second) => first - second)
  const at = (share: number) => tookMs[Math.floor(tookMs.length * share)] ?? 0
  return { p50: at(0.5), p99: at(0.99) }
}

/**
 * The same rows into the same table of a store of the same content, with the same durability, straight through the driver
 * in groups as large as there are sockets: no server can have larger ones when each socket waits for its answer.
 */
async function measureCeiling(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'ringside-bench-ceiling-'))
  await seedBattles(folder)
  const database = new Database(join(folder, 'ringside.sqlite'))
  database.pragma('synchronous = FULL')
  const battles = database
    .prepare<unknown[], string[]>('SELECT id, voter_id, model_a, model_b, language, categories FROM battles LIMIT ?')
    .raw()
    .all(VOTES)
  const ids = battles.map(() => clientId())
  const insert = database.prepare(
    `INSERT INTO vote_log (id, battle_id, voter_id, model_a, model_b, language, categories, kind, revision, arena, turn,
       generation, outcome, mark, supersedes, at) VALUES (?, ?, ?, ?, ?, ?, ?, 'vote', 1, 'text', 1, 1, 'a', NULL, NULL, ?)`,
  )
  const startedAt = performance.now()
  for (let from = 0; from < battles.length; from += SOCKETS) {
    database.exec('BEGIN IMMEDIATE')
    for (const [index, battle] of battles.slice(from, from + SOCKETS).entries()) {
      insert.run(ids[from + index], ...battle, Date.now())
    }
    database.exec('COMMIT')
  }
  const seconds = (performance.now() - startedAt) / 1_000
  database.close()
  await rm(folder, { recursive: true, force: true })
  return battles.length / seconds
}

function median(values: readonly number[]): number {
  return [...values].sort((first, second) => first - second)[Math.floor(values.length / 2)] ?? 0
}

if (isMainThread) {
  const rounds: (Figures & { ceiling: number })[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const ceiling = await measureCeiling()
    rounds.push({ ...(await measureServer()), ceiling })
  }
  const of = (pick: (figures: Figures & { ceiling: number }) => number) => median(rounds.map(pick))
  console.log(`votes over ${SOCKETS} sockets, ${VOTES} a round, median of ${ROUNDS} rounds`)
  console.log(
    `  durable votes/s      ${of(({ perSecond }) => perSecond).toFixed(0)}   (target 10,000, or 70 % of the ceiling)`,
  )
  console.log(
    `  ceiling/s            ${of(({ ceiling }) => ceiling).toFixed(0)}   the same insert, same durability, one process, groups of ${SOCKETS}`,
  )
  console.log(`  share of the ceiling ${(100 * of(({ perSecond, ceiling }) => perSecond / ceiling)).toFixed(0)} %`)
  console.log(`  processor time       ${of(({ cpuUs }) => cpuUs).toFixed(0)} µs a vote in the server, all threads`)
  for (const [name, pick] of [
    ['when flooded  ', (figures: Figures) => figures.saturated],
    ['at 5,000/s    ', (figures: Figures) => figures.paced],
  ] as const) {
    const [p50, p99] = [of((figures) => pick(figures).p50), of((figures) => pick(figures).p99)]
    console.log(`  acknowledged, ${name} p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms   (target p99 under 50 ms)`)
  }
} else {
  parentPort?.postMessage(await runClients(workerData))
}
