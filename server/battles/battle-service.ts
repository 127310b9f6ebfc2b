import type { BattleView, TurnView } from '../../contract/battle.ts'
import { AnswerId, BattleId, type ModelId, type VoterId } from '../../contract/ids.ts'
import { SIDES, type PerSide } from '../../contract/outcome.ts'
import type { BattleRecord, ModelRecord, PreparedPrompt, Store, VoteRecord } from '../../db/store.ts'
import type { FastifyBaseLogger } from 'fastify'
import { AppError } from '../app-error.ts'
import { namesItself } from '../blind/identity-leak.ts'
import type { Clock } from '../clock.ts'
import type { Hub } from '../realtime/hub.ts'
import type { ChatMessage } from '../providers/provider.ts'
import type { RateLimit } from '../rate-limit.ts'
import type { Contestants } from './contestants.ts'
import type { AnswerResult, GenerateAnswer } from './generate-answer.ts'
import { LiveBattle } from './live-battle.ts'
import { drawOne, drawPair } from './pairing.ts'
import { drawPrepared } from './prepared-sets.ts'
import { TurnGeneration, type TurnResult } from './turn-generation.ts'

/** Both answers go out together this often. Short, because it delays every token; long enough to fill a frame. */
const TICK_MS = 10
/** Pairs remembered per voter when the next prepared pair is drawn. */
const SEEN_PAIRS = 2_000

export interface BattleServiceNeeds {
  readonly store: Pick<
    Store,
    | 'recordBattle'
    | 'recordTurn'
    | 'endTurn'
    | 'recordAbandonedDraw'
    | 'findBattle'
    | 'findVote'
    | 'listSeenPairs'
    | 'listPreparedPrompts'
    | 'getPrompt'
  >
  readonly hub: Hub
  readonly clock: Clock
  readonly random: () => number
  readonly newId: () => string
  readonly contestants: Contestants
  readonly generate: GenerateAnswer
  /** False while a model's endpoint keeps failing. */
  readonly isHealthy: (id: ModelId) => boolean
  readonly categorise: (input: {
    prompts: readonly string[]
    answers?: readonly string[]
  }) => Promise<{ language: string; categories: string[] }>
  /** How a battle looks to its voter after the vote. */
  readonly revealVoted: (battle: BattleRecord, vote: VoteRecord) => Extract<BattleView, { status: 'revealed' }>
  readonly limits: {
    readonly promptMaxChars: number
    readonly maxStreaming: number
    readonly holdMs: number
    readonly perVoter: RateLimit
  }
  readonly nodeId: string
  readonly logger: FastifyBaseLogger
  readonly observe: {
    battleStarted(kind: 'live' | 'prepared'): void
    turnEnded(kind: TurnResult['kind']): void
  }
}

interface Running {
  readonly battle: LiveBattle
  readonly generation: TurnGeneration
  readonly ended: Promise<void>
}

/** Starts battles, lets their answers out, and knows at any moment what their voter may see. */
export class BattleService {
  readonly #needs: BattleServiceNeeds
  readonly #running = new Map<BattleId, Running>()
  /** Battles between their request and their first stored turn: they count as running. */
  #starting = 0
  #prepared = new Map<string, readonly PreparedPrompt[]>()
  #ticker: NodeJS.Timeout | undefined
  #draining = false

  constructor(needs: BattleServiceNeeds) {
    this.#needs = needs
  }

  /** Reads the prepared prompts of an arena again, after an import. */
  async refreshPrepared(arena: string): Promise<void> {
    this.#prepared.set(arena, await this.#needs.store.listPreparedPrompts(arena))
  }

  canCompareLive(): boolean {
    return this.#needs.contestants.answering(() => true).length >= 2
  }

  canComparePrepared(arena: string): boolean {
    return (this.#prepared.get(arena) ?? []).some(
      ({ answers }) => answers.filter(({ modelId }) => this.#weightOf(modelId) > 0).length >= 2,
    )
  }

  get streaming(): number {
    return this.#running.size
  }

  /** Prompts of the prepared sets to offer on the empty page. */
  async suggest(
    arena: string,
    language: string | undefined,
    count: number,
  ): Promise<{ prompt: string; language: string }[]> {
    const all = this.#prepared.get(arena) ?? []
    const inLanguage = all.filter((prompt) => prompt.language === language)
    const from = inLanguage.length > 0 ? inLanguage : [...all]
    const chosen: PreparedPrompt[] = []
    while (chosen.length < count && chosen.length < from.length) {
      const next = drawOne(
        from.filter((prompt) => !chosen.includes(prompt)).map((id) => ({ id, weight: 1 })),
        this.#needs.random,
      )
      if (!next) break
      chosen.push(next)
    }
    return Promise.all(
      chosen.map(async ({ id }) => {
        const { text, language: of } = await this.#needs.store.getPrompt(id)
        return { prompt: text, language: of }
      }),
    )
  }

  /* ── starting ──────────────────────────────────────────────────────────────────────────────────────────────── */

  async startPrepared(request: { voterId: VoterId; arena: string; language: string | undefined }): Promise<BattleView> {
    const { voterId, arena, language } = request
    const { store, clock, random, newId, nodeId, observe } = this.#needs
    this.#refuseWhileDraining()
    const seen = await store.listSeenPairs(voterId, arena, SEEN_PAIRS)
    const prompts = this.#prepared.get(arena) ?? []
    const draw = drawPrepared({ prompts, language, seen, random, weightOf: (id) => this.#weightOf(id) })
    if (!draw) throw new AppError('arena/nothing-prepared', 'There are no prepared answers to compare in this arena')
    const { text: prompt } = await store.getPrompt(draw.promptId)
    const id = BattleId.parse(newId())
    await store.recordBattle({
      id,
      arena,
      voterId,
      prompt,
      nodeId,
      models: draw.models,
      language: draw.language,
      categories: draw.categories,
      at: clock.now(),
      prepared: {
        promptId: draw.promptId,
        answers: draw.answers,
      },
    })
    observe.battleStarted('prepared')
    return this.view(voterId, id)
  }

  async startLive(request: { voterId: VoterId; arena: string; prompt: string }): Promise<BattleView> {
    const { store, clock, newId, nodeId, categorise, observe, contestants } = this.#needs
    const { voterId, arena, prompt } = request
    this.#refuseWhileDraining()
    this.#checkPrompt(prompt)
    if (!this.canCompareLive()) {
      throw new AppError('arena/no-models', 'No two models are connected, so there is nobody to ask')
    }
    this.#takeSlot(voterId)
    try {
      const drawn = this.#drawModels()
      const { language, categories } = await categorise({ prompts: [prompt] })
      const id = BattleId.parse(newId())
      const models = { a: drawn.a.id, b: drawn.b.id }
      const at = clock.now()
      await store.recordBattle({ id, arena, voterId, models, prompt, language, categories, nodeId, at, prepared: null })
      const battle = new LiveBattle({ id, arena, voterId, models, earlier: [], turn: 1, generation: 1, prompt })
      observe.battleStarted('live')
      this.#run(battle, { models: drawn, canRedraw: true, leakedBefore: false, contestants })
      return battle.view()
    } finally {
      this.#starting -= 1
    }
  }

  /** Goes on in the same battle, with the same two models. */
  async continue(request: { voterId: VoterId; battleId: BattleId; prompt: string }): Promise<BattleView> {
    this.#checkPrompt(request.prompt)
    const record = await this.#ownIdle(request)
    if (record.status !== 'ready')
      throw new AppError('battle/ended', 'Only a battle whose answers have both ended can go on')
    const last = lastOf(record)
    return this.#ask(record, { turn: last.turn + 1, generation: 1, prompt: request.prompt })
  }

  /** Asks both models of the last turn again. */
  async regenerate(request: { voterId: VoterId; battleId: BattleId }): Promise<BattleView> {
    const record = await this.#ownIdle(request)
    const last = lastOf(record)
    return this.#ask(record, { turn: last.turn, generation: last.generation + 1, prompt: last.prompt })
  }

  async #ask(record: BattleRecord, next: { turn: number; generation: number; prompt: string }): Promise<BattleView> {
    const { store, clock, nodeId, categorise, contestants } = this.#needs
    this.#refuseWhileDraining()
    const models = { a: contestants.find(record.models.a), b: contestants.find(record.models.b) }
    if (record.kind === 'prepared' || !isAskable(models.a) || !isAskable(models.b)) {
      throw new AppError('battle/ended', 'Nobody can be asked again in this battle; please start a new one')
    }
    this.#takeSlot(record.voterId)
    try {
      const earlier = record.turns.filter(({ turn }) => turn < next.turn)
      const { categories } = await categorise({ prompts: [...earlier.map(({ prompt }) => prompt), next.prompt] })
      const turn = {
        battleId: record.id,
        ...next,
        categories: union(record.categories, categories),
        nodeId,
        at: clock.now(),
      }
      const result = await store.recordTurn(turn)
      if (result === 'no-such-battle') throw notFound()
      if (result === 'already-voted')
        throw new AppError('battle/ended', 'This battle has your vote; please start a new one')
      if (result === 'outdated') throw new AppError('battle/busy', 'This battle has gone on in another tab')
      const battle = new LiveBattle({ ...record, earlier: earlier.map(toTurnView), ...next })
      // On a later turn the models have a conversation behind them: nobody can take their place.
      const canRedraw = next.turn === 1
      this.#run(battle, {
        models: { a: models.a, b: models.b },
        canRedraw,
        leakedBefore: record.identityLeaked && next.turn > 1,
        contestants,
      })
      return battle.view()
    } finally {
      this.#starting -= 1
    }
  }

  /* ── watching and stopping ─────────────────────────────────────────────────────────────────────────────────── */

  /** What this voter may see of a battle. @throws AppError `battle/not-found`, also for another voter's battle */
  async view(voterId: VoterId, battleId: BattleId): Promise<BattleView> {
    const running = this.#running.get(battleId)
    if (running) {
      if (running.battle.voterId !== voterId) throw notFound()
      return running.battle.view()
    }
    const { store, revealVoted } = this.#needs
    const record = await store.findBattle(battleId)
    if (!record || record.voterId !== voterId) throw notFound()
    const vote = await store.findVote(battleId, voterId)
    return vote ? revealVoted(record, vote) : toPendingView(record)
  }

  /** Ends both answers where they are; what was shown stays. */
  async stop({ voterId, battleId }: { voterId: VoterId; battleId: BattleId }): Promise<void> {
    const running = this.#running.get(battleId)
    if (!running || running.battle.voterId !== voterId) throw notFound()
    running.generation.cut('stop')
    await running.ended
  }

  /** No new battles; those under way may end within `withinMs`, then they are marked interrupted. */
  async drain(withinMs: number): Promise<void> {
    this.#draining = true
    const allEnded = () => Promise.all([...this.#running.values()].map(({ ended }) => ended))
    let timer: NodeJS.Timeout | undefined
    await Promise.race([allEnded(), new Promise((resolve) => (timer = setTimeout(resolve, withinMs)))])
    clearTimeout(timer)
    for (const { generation } of this.#running.values()) generation.cut('interrupt')
    await allEnded()
    clearInterval(this.#ticker)
  }

  /* ── answers ───────────────────────────────────────────────────────────────────────────────────────────────── */

  #run(
    battle: LiveBattle,
    plan: { models: PerSide<ModelRecord>; canRedraw: boolean; leakedBefore: boolean; contestants: Contestants },
  ): void {
    const { generate, clock, limits, store, logger, random, isHealthy } = this.#needs
    const generation = new TurnGeneration({
      generate,
      clock,
      holdMs: limits.holdMs,
      models: plan.models,
      messages: { a: toMessages(battle, 'a'), b: toMessages(battle, 'b') },
      redraw: (taken) => {
        if (!plan.canRedraw) return undefined
        const left = plan.contestants.answering(isHealthy).filter(({ id }) => !taken.has(id))
        const id = drawOne(left, random)
        return id && plan.contestants.get(id)
      },
      onAbandoned: (draw) => {
        const record = { battleId: battle.id, turn: battle.current.turn, ...draw, at: clock.now() }
        logger.warn({ ...record }, 'a model was given up before its first token')
        store
          .recordAbandonedDraw(record)
          .catch((error: unknown) => logger.error({ err: error }, 'an abandoned draw was not recorded'))
      },
    })
    const ended = this.#finish(battle, generation, plan.leakedBefore)
    this.#running.set(battle.id, { battle, generation, ended })
    this.#ticker ??= setInterval(() => this.#tick(), TICK_MS)
  }

  #tick(): void {
    for (const { battle, generation } of this.#running.values()) {
      const release = generation.release()
      if (release) this.#needs.hub.publish(roomOf(battle.id), battle.append(release))
    }
  }

  async #finish(battle: LiveBattle, generation: TurnGeneration, leakedBefore: boolean): Promise<void> {
    const { hub, logger, observe } = this.#needs
    try {
      const result = await generation.run()
      observe.turnEnded(result.kind)
      battle.models = result.models
      await this.#store(battle, result, leakedBefore)
      hub.publish(roomOf(battle.id), announce(battle, result.kind))
    } catch (error) {
      // The answers could not be kept, so nothing may be voted on; at the next start the battle counts as interrupted.
      logger.error({ err: error, battleId: battle.id }, 'a battle could not be brought to its end')
      hub.publish(roomOf(battle.id), battle.becomeInterrupted())
    } finally {
      this.#running.delete(battle.id)
      if (this.#running.size === 0) {
        clearInterval(this.#ticker)
        this.#ticker = undefined
      }
    }
  }

  async #store(
    battle: LiveBattle,
    { kind, answers, models, reason }: TurnResult,
    leakedBefore: boolean,
  ): Promise<void> {
    const { store, clock, newId, categorise, contestants } = this.#needs
    const { turn, generation } = battle.current
    const prompts = [...battle.earlier, battle.current].map(({ prompt }) => prompt)
    const texts = SIDES.map((side) => answers[side].text)
    const { categories } = await categorise({ prompts, answers: texts })
    const leaks = SIDES.some((side) => namesItself(answers[side].text, toIdentity(contestants.get(models[side]))))
    const ready = kind === 'answered' || kind === 'stopped'
    const toStored = ({ kind: _, modelId: __, reason: ___, ...answer }: AnswerResult) => ({
      id: AnswerId.parse(newId()),
      ...answer,
    })
    await store.endTurn({
      battleId: battle.id,
      turn,
      generation,
      models,
      categories,
      status: ready ? 'ready' : kind === 'failed' ? 'failed' : 'interrupted',
      failure: reason,
      answers: {
        a: toStored(answers.a),
        b: toStored(answers.b),
      },
      identityLeaked: leakedBefore || leaks,
      at: clock.now(),
    })
    if (kind === 'failed') this.#needs.logger.warn({ battleId: battle.id, reason }, 'a battle could not be compared')
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

  #weightOf(id: ModelId): number {
    const model = this.#needs.contestants.find(id)
    return model?.status === 'active' ? model.weight : 0
  }

  #checkPrompt(prompt: string): void {
    const { promptMaxChars } = this.#needs.limits
    if (prompt.trim() === '') throw new AppError('prompt/empty', 'The prompt is empty')
    if (prompt.length > promptMaxChars) {
      throw new AppError(
        'prompt/too-long',
        `The prompt has ${prompt.length} characters; at most ${promptMaxChars} are taken`,
      )
    }
    if (!prompt.isWellFormed() || prompt.includes('\0')) {
      throw new AppError('request/invalid', 'prompt: expected well-formed text without NUL characters')
    }
  }

  #refuseWhileDraining(): void {
    if (this.#draining)
      throw new AppError('server/stopping', 'The server is about to restart; please try again in a minute', {
        retryAfterMs: 10_000,
      })
  }

  #takeSlot(voterId: VoterId): void {
    const { limits } = this.#needs
    if (this.#running.size + this.#starting >= limits.maxStreaming) {
      throw new AppError('request/too-many', 'Many battles are being written at the moment', { retryAfterMs: 5_000 })
    }
    limits.perVoter.take(voterId, 'questions')
    this.#starting += 1
  }

  async #ownIdle({ voterId, battleId }: { voterId: VoterId; battleId: BattleId }): Promise<BattleRecord> {
    const running = this.#running.get(battleId)
    if (running && running.battle.voterId === voterId)
      throw new AppError('battle/busy', 'The answers of this battle are still being written')
    const record = await this.#needs.store.findBattle(battleId)
    if (!record || record.voterId !== voterId) throw notFound()
    return record
  }
}

export function roomOf(battleId: BattleId): string {
  return `battle ${battleId}`
}

/** A stored battle as its voter may see it before the vote. */
export function toPendingView(
  record: BattleRecord,
): Extract<BattleView, { status: 'ready' | 'streaming' | 'failed' | 'interrupted' }> {
  const { id, arena, kind, status, turns } = record
  const shown =
    status === 'ready'
      ? turns.map(toTurnView)
      : [...turns.slice(0, -1).map(toTurnView), ...turns.slice(-1).map(withoutTexts)]
  // A stored battle that is still "streaming" is not being written here: nobody is writing it any more.
  return { id, arena, kind, version: 0, status: status === 'streaming' ? 'interrupted' : status, turns: shown }
}

function toTurnView({ turn, generation, prompt, texts }: BattleRecord['turns'][number]): TurnView {
  return { turn, generation, prompt, a: { text: texts.a, ended: true }, b: { text: texts.b, ended: true } }
}

function withoutTexts(turn: BattleRecord['turns'][number]): TurnView {
  return toTurnView({ ...turn, texts: { a: '', b: '' } })
}

function toMessages(battle: LiveBattle, side: 'a' | 'b'): ChatMessage[] {
  const before = battle.earlier.flatMap((turn): ChatMessage[] => [
    { role: 'user', content: turn.prompt },
    { role: 'assistant', content: turn[side].text },
  ])
  return [...before, { role: 'user', content: battle.current.prompt }]
}

function announce(battle: LiveBattle, kind: TurnResult['kind']) {
  if (kind === 'failed') return battle.becomeFailed()
  return kind === 'interrupted' ? battle.becomeInterrupted() : battle.becomeReady()
}

function toIdentity({ name, organization, endpoint }: ModelRecord) {
  return { name, organization, upstreamName: endpoint?.model ?? null }
}

function isAskable(model: ModelRecord | undefined): model is ModelRecord {
  return model?.status === 'active' && model.endpoint !== null
}

function lastOf(record: BattleRecord): BattleRecord['turns'][number] {
  const last = record.turns.at(-1)
  if (!last) throw new Error(`battle ${record.id} has no turn`)
  return last
}

function union(first: readonly string[], second: readonly string[]): string[] {
  return [...new Set([...first, ...second])]
}

function notFound(): AppError {
  return new AppError('battle/not-found', 'There is no such battle of yours')
}
