import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import type { ModelId } from '../contract/ids.ts'
import { openStore } from '../db/open-store.ts'
import type { Store } from '../db/store.ts'
import { sessionRoutes, tokenOf } from './accounts/session-routes.ts'
import { VoterSessions } from './accounts/voter-sessions.ts'
import { buildApp } from './app.ts'
import { battleMessages } from './battles/battle-messages.ts'
import { battleRoutes } from './battles/battle-routes.ts'
import { BattleService } from './battles/battle-service.ts'
import { Contestants } from './battles/contestants.ts'
import { PreparedService } from './battles/prepared-service.ts'
import { TurnRunner, type Categorise } from './battles/turn-runner.ts'
import { systemClock, type Clock } from './clock.ts'
import type { Config } from './config.ts'
import { newId, secureRandom } from './ids.ts'
import { leaderboardMessages } from './leaderboard/leaderboard-messages.ts'
import { leaderboardRoutes } from './leaderboard/leaderboard-routes.ts'
import { LeaderboardService } from './leaderboard/leaderboard-service.ts'
import { connectModels } from './connect-models.ts'
import { healthRoutes } from './operations/health-routes.ts'
import { Metrics } from './operations/metrics.ts'
import { OriginGuard } from './origin-guard.ts'
import { pageBuild } from './page-build.ts'
import { providerLimits } from './provider-settings.ts'
import { createAnswerGenerator } from './providers/answer-generator.ts'
import { ModelHealth } from './providers/model-health.ts'
import { createOpenAiProvider } from './providers/openai-provider.ts'
import type { Provider } from './providers/provider.ts'
import { createKeyRing } from './providers/secrets.ts'
import { RateLimit } from './rate-limit.ts'
import { Hub } from './realtime/hub.ts'
import { revealModel, revealVoted } from './reveal.ts'
import { socketRoute } from './socket/socket-route.ts'
import { readVersion } from './version.ts'
import { voteMessages } from './votes/vote-messages.ts'
import { VoteService } from './votes/vote-service.ts'

export interface Overrides {
  readonly clock?: Clock
  readonly random?: () => number
  readonly provider?: Provider
  readonly environment?: Readonly<Record<string, string | undefined>>
}

export interface Arena {
  readonly app: FastifyInstance
  readonly store: Store
  /** Where the models came from and what can be compared, in one sentence each, for the console. */
  readonly summary: readonly string[]
  /** Resolves with the reason when the store is in a state that only a restart can heal. */
  readonly whenBroken: Promise<string>
  /** Lets answers under way end, then lets go of everything. */
  close(): Promise<void>
}

const ARENA = 'text'
const REFIT_EVERY_MS = 100
/** Models that another node connected are known here after this long. */
const REFRESH_MODELS_MS = 30_000
const WATCH_STORE_MS = 2_000

/** Builds every object of the server once, by hand, from top to bottom. Nothing is looked up anywhere else. */
export async function composeArena(config: Config, overrides: Overrides = {}): Promise<Arena> {
  const { clock = systemClock, random = secureRandom, environment = process.env } = overrides
  const logger = loggerOf(config)
  const nodeId = await readNodeId(config.DATA_DIR)

  const store = await openStore({ dataDir: config.DATA_DIR, databaseUrl: config.DATABASE_URL, nodeId, logger })
  try {
    return await composeOn(store, { config, clock, random, environment, logger, nodeId, provider: overrides.provider })
  } catch (error) {
    await store.close()
    throw error
  }
}

interface Ground {
  readonly config: Config
  readonly clock: Clock
  readonly random: () => number
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly logger: FastifyBaseLogger
  readonly nodeId: string
  readonly provider: Provider | undefined
}

async function composeOn(store: Store, ground: Ground): Promise<Arena> {
  const { logger } = ground
  const hub = new Hub()
  const leaderboard = new LeaderboardService({ log: store, hub, logger })
  leaderboard.prepare()
  try {
    return await composeAround(leaderboard, { ...ground, store, hub })
  } catch (error) {
    await leaderboard.stop()
    throw error
  }
}

async function composeAround(
  leaderboard: LeaderboardService,
  ground: Ground & { store: Store; hub: Hub },
): Promise<Arena> {
  const { config, clock, random, environment, logger, nodeId, store, hub } = ground
  const { models, sampleOn, summary } = await connectModels({ config, store, clock, environment, logger })
  const interrupted = await store.interruptGenerations(nodeId, clock.now())
  if (interrupted > 0)
    logger.info(
      { battles: interrupted },
      'battles that were being written when the server went away are marked interrupted',
    )

  const caughtUp = leaderboard.start({
    dataDir: config.DATA_DIR,
    databaseUrl: config.DATABASE_URL,
    showSample: sampleOn,
    refitEveryMs: REFIT_EVERY_MS,
  })

  const contestants = new Contestants()
  contestants.replace(models)
  const health = new ModelHealth({
    clock,
    onChange: (change) =>
      logger.warn(change, change.isUsable ? 'a model answers again' : 'a model rests: it keeps failing'),
  })
  const openAi = createOpenAiProvider({
    keys: createKeyRing(environment),
    limits: providerLimits(config),
    now: () => clock.now(),
  })
  const metrics = new Metrics({
    streaming: () => runner.size,
    storeGauges: async () => (await store.checkHealth()).gauges,
  })
  const withdrawMs = config.WITHDRAW_MS
  const isHealthy = (id: ModelId) => health.isUsable(id)

  const runner: TurnRunner = new TurnRunner({
    store,
    hub,
    clock,
    random,
    newId,
    contestants,
    generate: createAnswerGenerator({ provider: ground.provider ?? openAi, health, clock, random }),
    isHealthy,
    categorise: categoriseLater,
    holdMs: config.BLIND_HOLD_MS,
    logger,
    observe: metrics,
  })
  const prepared = new PreparedService({
    store,
    clock,
    random,
    newId,
    contestants,
    nodeId,
    limit: new RateLimit({ perMinute: config.PAIRS_PER_MINUTE, clock }),
    observe: metrics,
  })
  await prepared.refresh(ARENA)
  const battles = new BattleService({
    store,
    hub,
    clock,
    random,
    newId,
    contestants,
    isHealthy,
    categorise: categoriseLater,
    prepared,
    runner,
    nodeId,
    revealVoted: (battle, vote) =>
      revealVoted(battle, vote, { contestants, leaderboard, now: clock.now(), withdrawMs }),
    limits: {
      promptMaxChars: config.PROMPT_MAX_CHARS,
      maxStreaming: config.MAX_STREAMING_BATTLES,
      perVoter: new RateLimit({ perMinute: config.LIVE_BATTLES_PER_MINUTE, clock }),
    },
    observe: metrics,
  })
  const refresher = setInterval(() => {
    store.listModels().then(
      (known) => contestants.replace(known),
      (error: unknown) => logger.warn({ err: error }, 'the models could not be read again'),
    )
  }, REFRESH_MODELS_MS)

  const votes = new VoteService({
    store,
    clock,
    withdrawMs,
    limit: new RateLimit({ perMinute: config.VOTES_PER_MINUTE, clock }),
    reveal: ({ arena, models: sides, outcome }) => {
      const moved = outcome === null ? null : leaderboard.movementOf(arena, sides, outcome)
      const reveal = (side: 'a' | 'b') =>
        revealModel(contestants.get(sides[side]), { leaderboard, arena, change: moved?.[side] ?? null })
      return { a: reveal('a'), b: reveal('b') }
    },
    observe: {
      recorded: ({ outcome, uncounted }, tookMs) => metrics.voteRecorded(outcome, uncounted === null, tookMs),
      withdrawn: () => metrics.voteWithdrawn(),
    },
  })

  const sessions = new VoterSessions({ store, clock })
  const build = await pageBuild()
  let stopping = false
  const app = await buildApp({
    options: { loggerInstance: logger, trustProxy: config.TRUST_PROXY.length > 0 ? [...config.TRUST_PROXY] : false },
    origins: new OriginGuard({ publicOrigins: config.PUBLIC_ORIGINS }),
    version: readVersion(),
    routes: [
      healthRoutes({
        checkStore: () => store.checkHealth(),
        isCaughtUp: () => leaderboard.isCaughtUp,
        isStopping: () => stopping,
        metrics,
      }),
      sessionRoutes({ sessions, limit: new RateLimit({ perMinute: config.SESSIONS_PER_MINUTE, clock }) }),
      battleRoutes({ battles, prepared, build, sampleArena: () => sampleOn, promptMaxChars: config.PROMPT_MAX_CHARS }),
      leaderboardRoutes({ leaderboard }),
      socketRoute({
        build,
        metrics,
        authenticate: (request) => sessions.find(tokenOf(request)),
        handlers: {
          ...battleMessages({ battles, hub }),
          ...voteMessages({ votes }),
          ...leaderboardMessages({ leaderboard, hub }),
        },
      }),
    ],
  })

  // What the first question would otherwise wait for: the client library and the language model of the categories.
  if (battles.canCompareLive()) {
    Promise.all([openAi.prepare(), categoriseLater({ prompts: ['warm up'] })]).catch((error: unknown) =>
      logger.error({ err: error }, 'could not prepare for live battles'),
    )
  }
  caughtUp.catch((error: unknown) => logger.error({ err: error }, 'the leaderboards could not be computed'))
  const watch = watchStore(store)
  return {
    app,
    store,
    summary,
    whenBroken: watch.whenBroken,
    close: async () => {
      stopping = true
      clearInterval(refresher)
      watch.stop()
      await battles.drain(config.DRAIN_MS)
      await app.close()
      openAi.close()
      await leaderboard.stop()
      await store.close()
    },
  }
}

/** The rules are many patterns: they are read when the first question comes, not when the server starts. */
const categoriseLater: Categorise = async (conversation) =>
  (await import('./categories/categorise.ts')).categorise(conversation)

/** After a failed flush nothing more may be promised: somebody must notice and end the process. */
function watchStore(store: Store): { whenBroken: Promise<string>; stop(): void } {
  let timer: NodeJS.Timeout | undefined
  const whenBroken = new Promise<string>((resolve) => {
    timer = setInterval(() => {
      store.checkHealth().then(
        ({ needsRestart, problem }) => needsRestart && resolve(problem ?? 'the store needs a restart'),
        // A store that cannot be asked says so to every request; this watch asks again.
        () => {},
      )
    }, WATCH_STORE_MS)
    timer.unref()
  })
  return { whenBroken, stop: () => clearInterval(timer) }
}

/** The logger that Fastify would make, before there is a Fastify: the store and the models need it first. */
function loggerOf({ LOG_LEVEL }: Config): FastifyBaseLogger {
  const redact = ['req.headers.authorization', 'req.headers.cookie']
  return Fastify({ logger: { level: LOG_LEVEL, redact } }).log
}

/** Names this installation's node across restarts, so that it can tell which interrupted battles were its own. */
async function readNodeId(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true })
  const file = join(dataDir, 'node-id')
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch {
    const nodeId = newId()
    await writeFile(file, `${nodeId}\n`)
    return nodeId
  }
}
