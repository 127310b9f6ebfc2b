import type { BattleView } from '../../contract/battle.ts'
import { BattleId, type ModelId, type VoterId } from '../../contract/ids.ts'
import type { PerSide } from '../../contract/outcome.ts'
import type { BattleRecord, ModelRecord, Store, StoredTurn, VoteRecord } from '../../db/store.ts'
import { AppError } from '../app-error.ts'
import type { Clock } from '../clock.ts'
import type { Hub } from '../realtime/hub.ts'
import type { RateLimit } from '../rate-limit.ts'
import { roomOf, toPendingView, toTurnView } from './battle-views.ts'
import type { Contestants } from './contestants.ts'
import { LiveBattle } from './live-battle.ts'
import { drawPair } from './pairing.ts'
import type { PreparedService } from './prepared-service.ts'
import type { Categorise, TurnRunner } from './turn-runner.ts'

export interface BattleServiceNeeds {
  readonly store: Pick<Store, 'recordBattle' | 'recordTurn' | 'findBattle' | 'findVote'>
  readonly hub: Hub
  readonly clock: Clock
  readonly random: () => number
  readonly newId: () => string
  readonly contestants: Contestants
  /** False while a model's endpoint keeps failing. */
  readonly isHealthy: (id: ModelId) => boolean
  readonly categorise: Categorise
  readonly prepared: PreparedService
  readonly runner: TurnRunner
  /** How a battle looks to its voter after the vote. */
  readonly revealVoted: (battle: BattleRecord, vote: VoteRecord) => Extract<BattleView, { status: 'revealed' }>
  readonly limits: {
    readonly promptMaxChars: number
    readonly maxStreaming: number
    readonly perVoter: RateLimit
  }
  readonly nodeId: string
  readonly observe: { battleStarted(kind: 'live'): void }
}

interface NextTurn {
  readonly turn: number
  readonly generation: number
  readonly prompt: string
}

/** What a voter can do with battles, and what a voter may see of them. */
export class BattleService {
  readonly #needs: BattleServiceNeeds
  /** Battles between their request and their first stored turn: they count as running. */
  #starting = 0
  /** Battles whose next turn is being stored: a second request for it must wait for the first. */
  readonly #asking = new Set<BattleId>()
  #draining = false

  constructor(needs: BattleServiceNeeds) {
    this.#needs = needs
  }

  canCompareLive(): boolean {
    return this.#needs.contestants.answering(() => true).length >= 2
  }

  /** The next pair of existing answers. */
  async startPrepared(request: { voterId: VoterId; arena: string; language: string | undefined }): Promise<BattleView> {
    this.#refuseWhileDraining()
    return this.#needs.prepared.start(request)
  }

  /** Asks two models. Resolves with the battle as it begins; what follows is published in its room. */
  async startLive({
    voterId,
    arena,
    prompt,
  }: {
    voterId: VoterId
    arena: string
    prompt: string
  }): Promise<BattleView> {
    const { store, clock, newId, nodeId, categorise, observe, runner } = this.#needs
    this.#refuseWhileDraining()
    this.#checkPrompt(prompt)
    const drawn = this.#drawModels()
    return this.#inSlot(voterId, async () => {
      const { language, categories } = await categorise({ prompts: [prompt] })
      const id = BattleId.parse(newId())
      const models = { a: drawn.a.id, b: drawn.b.id }
      const at = clock.now()
      await store.recordBattle({ id, arena, voterId, models, prompt, language, categories, nodeId, at, prepared: null })
      const battle = new LiveBattle({ id, arena, voterId, earlier: [], turn: 1, generation: 1, prompt })
      observe.battleStarted('live')
      runner.run(battle, { models: drawn, canRedraw: true })
      return battle.view()
    })
  }

  /** Goes on in the same battle, with the same two models. */
  async continue(request: { voterId: VoterId; battleId: BattleId; prompt: string }): Promise<BattleView> {
    this.#checkPrompt(request.prompt)
    const { record, last } = await this.#ownIdle(request)
    if (record.status !== 'ready') {
      throw new AppError('battle/ended', 'Only a battle whose answers have both ended can go on')
    }
    return this.#ask(record, { turn: last.turn + 1, generation: 1, prompt: request.prompt })
  }

  /** Asks both models of the last turn again. */
  async regenerate(request: { voterId: VoterId; battleId: BattleId }): Promise<BattleView> {
    const { record, last } = await this.#ownIdle(request)
    return this.#ask(record, { turn: last.turn, generation: last.generation + 1, prompt: last.prompt })
  }

  async #ask(record: BattleRecord, next: NextTurn): Promise<BattleView> {
    this.#refuseWhileDraining()
    const models = this.#askableModels(record)
    return this.#inSlot(record.voterId, () => this.#askAlone(record, next, models))
  }

  async #askAlone(record: BattleRecord, next: NextTurn, models: PerSide<ModelRecord>): Promise<BattleView> {
    const { store, clock, nodeId, categorise, runner, hub } = this.#needs
    if (this.#asking.has(record.id)) throw new AppError('battle/busy', 'This battle is being asked already')
    this.#asking.add(record.id)
    try {
      const earlier = record.turns.filter(({ turn }) => turn < next.turn)
      const prompts = [...earlier.map(({ prompt }) => prompt), next.prompt]
      const { categories } = await categorise({ prompts })
      const asked = { battleId: record.id, ...next, nodeId, at: clock.now() }
      const result = await store.recordTurn({ ...asked, categories })
      if (result === 'no-such-battle') throw notFound()
      if (result === 'already-voted') {
        throw new AppError('battle/ended', 'This battle has your vote; please start a new one')
      }
      if (result === 'outdated') throw new AppError('battle/busy', 'This battle has gone on in another tab')
      const battle = new LiveBattle({ ...record, earlier: earlier.map(toTurnView), ...next })
      // Other tabs of this voter go on from here as well.
      hub.publish(roomOf(battle.id), { type: 'battle-snapshot', battle: battle.view() })
      runner.run(battle, { models, canRedraw: next.turn === 1 })
      return battle.view()
    } finally {
      this.#asking.delete(record.id)
    }
  }

  /** What this voter may see of a battle. @throws AppError `battle/not-found`, also for another voter's battle */
  async view(voterId: VoterId, battleId: BattleId): Promise<BattleView> {
    const { store, runner, revealVoted } = this.#needs
    const live = runner.find(battleId)
    if (live) {
      if (live.voterId !== voterId) throw notFound()
      return live.view()
    }
    const record = await store.findBattle(battleId)
    if (!record || record.voterId !== voterId) throw notFound()
    const vote = await store.findVote(battleId, voterId)
    return vote ? revealVoted(record, vote) : toPendingView(record)
  }

  /** Ends both answers where they are; what was shown stays. */
  async stop({ voterId, battleId }: { voterId: VoterId; battleId: BattleId }): Promise<void> {
    const { runner } = this.#needs
    if (runner.find(battleId)?.voterId !== voterId) throw notFound()
    await runner.stop(battleId)
  }

  /** No new battles; those under way may end within `withinMs`, then they are marked interrupted. */
  async drain(withinMs: number): Promise<void> {
    this.#draining = true
    await this.#needs.runner.drain(withinMs)
  }

  /* ── rules ─────────────────────────────────────────────────────────────────────────────────────────────────── */

  /** Two models that answer; those whose endpoints keep failing only when there are not two others. */
  #drawModels(): PerSide<ModelRecord> {
    const { contestants, isHealthy, random } = this.#needs
    const pair =
      drawPair(contestants.answering(isHealthy), random) ??
      drawPair(
        contestants.answering(() => true),
        random,
      )
    if (!pair) throw new AppError('arena/no-models', 'No two models are connected, so there is nobody to ask')
    return { a: contestants.get(pair.a), b: contestants.get(pair.b) }
  }

  #askableModels(record: BattleRecord): PerSide<ModelRecord> {
    const [a, b] = [record.models.a, record.models.b].map((id) => this.#needs.contestants.find(id))
    if (record.kind === 'prepared' || !isAskable(a) || !isAskable(b)) {
      throw new AppError('battle/ended', 'Nobody can be asked again in this battle; please start a new one')
    }
    return { a, b }
  }

  #checkPrompt(prompt: string): void {
    const { promptMaxChars } = this.#needs.limits
    if (prompt.trim() === '') throw new AppError('prompt/empty', 'The prompt is empty')
    if (prompt.length > promptMaxChars) {
      const message = `The prompt has ${prompt.length} characters; at most ${promptMaxChars} are taken`
      throw new AppError('prompt/too-long', message)
    }
    if (!prompt.isWellFormed() || prompt.includes('\0')) {
      throw new AppError('request/invalid', 'prompt: expected well-formed text without NUL characters')
    }
  }

  #refuseWhileDraining(): void {
    if (!this.#draining) return
    const message = 'The server is about to restart; please try again in a minute'
    throw new AppError('server/stopping', message, { retryAfterMs: 10_000 })
  }

  /** Runs the start of a turn within what may be written at the same time and within what one voter may ask. */
  async #inSlot<Result>(voterId: VoterId, start: () => Promise<Result>): Promise<Result> {
    const { limits, runner } = this.#needs
    if (runner.size + this.#starting >= limits.maxStreaming) {
      throw new AppError('request/too-many', 'Many battles are being written at the moment', { retryAfterMs: 5_000 })
    }
    limits.perVoter.take(voterId, 'questions')
    this.#starting += 1
    try {
      return await start()
    } finally {
      this.#starting -= 1
    }
  }

  async #ownIdle({
    voterId,
    battleId,
  }: {
    voterId: VoterId
    battleId: BattleId
  }): Promise<{ record: BattleRecord; last: StoredTurn }> {
    const { runner, store } = this.#needs
    if (runner.find(battleId)?.voterId === voterId) {
      throw new AppError('battle/busy', 'The answers of this battle are still being written')
    }
    const record = await store.findBattle(battleId)
    const last = record?.turns.at(-1)
    if (!record || !last || record.voterId !== voterId) throw notFound()
    return { record, last }
  }
}

function isAskable(model: ModelRecord | undefined): model is ModelRecord {
  return model?.status === 'active' && model.endpoint !== null
}

function notFound(): AppError {
  return new AppError('battle/not-found', 'There is no such battle of yours')
}
