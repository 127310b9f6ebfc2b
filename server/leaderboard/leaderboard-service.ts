import { EventEmitter, once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import type { FastifyBaseLogger } from 'fastify'
import { OVERALL } from '../../contract/categories.ts'
import type { ModelId } from '../../contract/ids.ts'
import type { Leaderboard, LeaderboardRow } from '../../contract/leaderboard.ts'
import type { Outcome, PerSide } from '../../contract/outcome.ts'
import type { VoteLogReader } from '../../db/store.ts'
import { movement, type Movement } from '../../ranking/movement.ts'
import type { Hub } from '../realtime/hub.ts'
import { startThread } from '../thread.ts'
import type { ArenaBasis, BoardChanges, ComputedBoard } from './board-keeper.ts'
import type { WorkerMessage, WorkerSettings } from './board-worker.ts'

/** Boards of other arenas than these exist from their first vote on. */
const DEFAULT_ARENAS = ['text']
/** A worker that fails is started again, but not in a tight loop. */
const RESTART_AFTER_MS = 1_000

export interface LeaderboardServiceNeeds {
  readonly log: Pick<VoteLogReader, 'onVoteLogGrowth'>
  readonly hub: Hub
  readonly logger: FastifyBaseLogger
}

/**
 * The latest boards, as the worker computed them; nothing numeric runs inside a request. Every vote reaches it by one
 * way alone, the log, whichever node wrote it.
 */
export class LeaderboardService {
  readonly #needs: LeaderboardServiceNeeds
  readonly #boards = new Map<string, Leaderboard>()
  readonly #categories = new Map<string, Leaderboard['categories']>()
  readonly #bases = new Map<string, ArenaBasis>()
  readonly #events = new EventEmitter()
  #worker: Worker | undefined
  #settings: WorkerSettings | undefined
  #caughtUp = false
  #stopped = false
  #stopListening: () => void = () => {}

  constructor(needs: LeaderboardServiceNeeds) {
    this.#needs = needs
  }

  /** Begins to load the thread, before it is known what it shall show. */
  prepare(): void {
    this.#startWorker()
  }

  /** Resolves when the boards hold every vote that was in the log at the start. */
  async start(settings: WorkerSettings): Promise<void> {
    this.#settings = settings
    if (!this.#worker) this.#startWorker()
    else this.#worker.postMessage(settings)
    this.#stopListening = this.#needs.log.onVoteLogGrowth(() => this.#worker?.postMessage('ring'))
    if (!this.#caughtUp) await once(this.#events, 'caught-up')
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#stopListening()
    const worker = this.#worker
    if (!worker) return
    const gone = once(worker, 'exit')
    worker.postMessage('stop')
    const timer = setTimeout(() => void worker.terminate(), 2_000)
    await gone
    clearTimeout(timer)
  }

  get isCaughtUp(): boolean {
    return this.#caughtUp
  }

  /** The board as it stands; an empty one for a category without votes, undefined for an arena nobody knows. */
  find(arena: string, category: string): Leaderboard | undefined {
    const board = this.#boards.get(keyOf(arena, category))
    const categories = this.#categories.get(arena)
    if (board) return { ...board, categories: categories ?? [] }
    if (!categories && !DEFAULT_ARENAS.includes(arena)) return undefined
    return { ...emptyBoard(arena, category), categories: categories ?? [{ category: OVERALL, votes: 0 }] }
  }

  /** The overall row of a model; undefined while nobody voted on it. */
  findRow(arena: string, model: string): LeaderboardRow | undefined {
    return this.#boards.get(keyOf(arena, OVERALL))?.rows.find((row) => row.model === model)
  }

  /** How one counted vote moves the two overall ratings, in points. */
  movementOf(arena: string, models: PerSide<ModelId>, outcome: Outcome): Movement {
    const { basis, indexes } = this.#bases.get(arena) ?? NO_BASIS
    const unknown = basis.models
    return movement(basis, indexes.get(models.a) ?? unknown, indexes.get(models.b) ?? unknown + 1, outcome)
  }

  #startWorker(): void {
    const worker = startThread(import.meta.url, './board-worker')
    if (this.#settings) worker.postMessage(this.#settings)
    this.#worker = worker
    worker.on('message', (message: WorkerMessage) => this.#receive(message))
    worker.on('error', (error) => this.#needs.logger.error({ err: error }, 'the leaderboard worker failed'))
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = undefined
      setTimeout(() => {
        if (!this.#stopped && !this.#worker) this.#startWorker()
      }, RESTART_AFTER_MS).unref()
    })
  }

  #receive(message: WorkerMessage): void {
    if (message.type === 'changed') return this.#apply(message.changes)
    this.#caughtUp = true
    this.#events.emit('caught-up')
    return undefined
  }

  #apply({ boards, categories, bases }: BoardChanges): void {
    for (const [arena, basis] of bases) this.#bases.set(arena, basis)
    for (const [arena, counts] of categories) this.#categories.set(arena, counts)
    for (const board of boards) this.#replace(board)
  }

  #replace(computed: ComputedBoard): void {
    const { arena, category } = computed
    const before = this.#boards.get(keyOf(arena, category)) ?? emptyBoard(arena, category)
    const after: Leaderboard = { ...computed, version: before.version + 1, categories: [] }
    this.#boards.set(keyOf(arena, category), after)
    this.#needs.hub.publish(roomOf(arena, category), {
      type: 'leaderboard-changed',
      arena,
      category,
      since: before.version,
      version: after.version,
      votes: after.votes,
      ...changedRows(before.rows, after.rows),
    })
  }
}

const NO_BASIS: ArenaBasis = {
  basis: { models: 0, theta: new Float64Array(0), inverse: new Float64Array(0) },
  indexes: new Map(),
}

export function roomOf(arena: string, category: string): string {
  return `leaderboard ${arena} ${category}`
}

function keyOf(arena: string, category: string): string {
  return `${arena} ${category}`
}

function changedRows(before: readonly LeaderboardRow[], after: readonly LeaderboardRow[]) {
  const known = new Map(before.map((row) => [row.model, JSON.stringify(row)]))
  const rows = after.filter((row) => known.get(row.model) !== JSON.stringify(row))
  const kept = new Set(after.map(({ model }) => model))
  return { rows, removed: before.map(({ model }) => model).filter((model) => !kept.has(model)) }
}

function emptyBoard(arena: string, category: string): Leaderboard {
  return {
    arena,
    category,
    version: 0,
    method: 'bt',
    votes: 0,
    notCounted: { identityLeaked: 0, revealed: 0, withdrawn: 0, excluded: 0 },
    logCursor: null,
    lastVoteAt: null,
    converged: true,
    components: 0,
    sampleOnly: false,
    categories: [],
    rows: [],
  }
}
