import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BattleId, ModelId, VoteId, VoterId } from '../contract/ids.ts'
import { OUTCOMES } from '../contract/outcome.ts'
import { openStore } from '../db/open-store.ts'
import { newId } from '../server/ids.ts'
import { pause, ServerProcess } from '../tests/support/server-process.ts'

/**
 * Process start to /readyz on an arena of 100,000 votes, memory at rest, size of a production install. Beside the start
 * stands that of a bare Node process, which no server can beat.
 *
 * npm run bench -- start [VOTES]
 */
const VOTES = Number(process.argv[2] ?? 100_000)
const MODELS = 30
const VOTERS = 500
const ROUNDS = 5

async function seedArena(dataDir: string): Promise<void> {
  const store = await openStore({ dataDir, databaseUrl: '', nodeId: 'bench' })
  const at = Date.now()
  const models = await store.upsertModels(
    Array.from({ length: MODELS }, (_, index) => ({
      id: ModelId.parse(newId()),
      name: `bench model ${index}`,
      organization: null,
      license: null,
      endpoint: null,
      weight: 1,
      price: null,
      modalities: ['text'],
      sample: false,
      status: 'active' as const,
      at,
    })),
  )
  const voters = Array.from({ length: VOTERS }, () => VoterId.parse(newId()))
  for (const id of voters) await store.recordVoter({ id, tokenHash: newId(), at })
  const CATEGORIES = [
    ['language-en', 'coding', 'open-qa'],
    ['language-ru', 'generation'],
    ['language-en', 'math', 'hard-prompts', 'closed-qa'],
  ]
  for (let from = 0; from < VOTES; from += 1_000) {
    const battles = Array.from({ length: Math.min(1_000, VOTES - from) }, (_, index) => {
      const a = (from + index) % MODELS
      const b = (a + 1 + ((from * 7 + index * 3) % (MODELS - 1))) % MODELS
      return {
        id: BattleId.parse(newId()),
        voterId: voters[(from + index) % VOTERS],
        a: models[a]?.id,
        b: models[b]?.id,
        categories: CATEGORIES[index % 3] ?? [],
      }
    })
    await Promise.all(
      battles.map(async ({ id, voterId, a, b, categories }, index) => {
        if (!voterId || !a || !b) return
        await store.recordBattle({
          id,
          arena: 'text',
          voterId,
          models: { a, b },
          prompt: 'A question of the benchmark',
          language: 'en',
          categories,
          nodeId: 'bench',
          at,
          prepared: null,
        })
        const answer = {
          text: 'An answer.',
          reasoning: '',
          finish: 'stop' as const,
          promptTokens: 5,
          completionTokens: 3,
          firstTokenMs: 1,
          totalMs: 2,
        }
        await store.endTurn({
          battleId: id,
          turn: 1,
          generation: 1,
          status: 'ready',
          failure: null,
          models: {
            a,
            b,
          },
          identityLeaked: false,
          categories,
          at,
          answers: {
            a: {
              id: newId() as never,
              ...answer,
            },
            b: {
              id: newId() as never,
              ...answer,
            },
          },
        })
        await store.recordVote({
          id: VoteId.parse(newId()),
          battleId: id,
          voterId,
          turn: 1,
          generation: 1,
          outcome: OUTCOMES[(from + index * 5) % 4] ?? 'a',
          at: at + from + index,
        })
      }),
    )
  }
  await store.close()
}

function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024
}

function bareNodeMs(): number {
  const startedAt = performance.now()
  execFileSync(process.execPath, ['-e', '0'])
  return performance.now() - startedAt
}

/** What `npm ci --omit=dev` would put on the disk, from the lockfile's own list of what is for development. */
function productionSizeMb(): number {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean; optional?: boolean }>
  }
  const folders = Object.entries(lock.packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional)
    .map(([path]) => path)
  const lines = execFileSync('du', ['-sk', '--', ...folders.filter((path) => exists(join(root, path))), 'dist'], {
    cwd: root,
    encoding: 'utf8',
  })
  return (
    lines
      .trim()
      .split('\n')
      .reduce((sum, line) => sum + Number(line.split('\t')[0]), 0) / 1_024
  )
}

function exists(path: string): boolean {
  try {
    readFileSync(join(path, 'package.json'))
    return true
  } catch {
    return false
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((first, second) => first - second)[Math.floor(values.length / 2)] ?? 0
}

const dataDir = await mkdtemp(join(tmpdir(), 'ringside-bench-start-'))
try {
  await seedArena(dataDir)
  const starts: number[] = []
  const bare: number[] = []
  let restMb = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    const copy = `${dataDir}-${round}`
    mkdirSync(dirname(copy), { recursive: true })
    cpSync(dataDir, copy, { recursive: true })
    const server = await ServerProcess.create({ DATA_DIR: copy, SAMPLE_ARENA: 'on' })
    bare.push(bareNodeMs())
    starts.push(await server.start())
    if (round === ROUNDS - 1) {
      await pause(5_000)
      restMb = residentMb(server.pid)
    }
    await server.stop('SIGTERM')
    await rm(copy, { recursive: true, force: true })
  }
  console.log(`start on an arena of ${VOTES} votes over ${MODELS} models, median of ${ROUNDS}`)
  console.log(
    `  process start to /readyz  ${median(starts).toFixed(0)} ms   (target 1,500; a bare Node process takes ${median(bare).toFixed(0)})`,
  )
  console.log(`  memory at rest            ${restMb.toFixed(0)} MB   (target under 150)`)
  console.log(`  production install        ${productionSizeMb().toFixed(0)} MB`)
} finally {
  await rm(dataDir, { recursive: true, force: true })
}
