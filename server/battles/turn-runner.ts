import type { FastifyBaseLogger } from 'fastify'
import { AnswerId, type BattleId, type ModelId } from '../../contract/ids.ts'
import { SIDES, type PerSide, type Side } from '../../contract/outcome.ts'
import type { ServerFrame } from '../../contract/socket.ts'
import type { GeneratedAnswer, ModelRecord, Store } from '../../db/store.ts'
import { namesItself } from '../blind/identity-leak.ts'
import type { Clock } from '../clock.ts'
import type { ChatMessage } from '../providers/provider.ts'
import type { Hub } from '../realtime/hub.ts'
import { roomOf } from './battle-views.ts'
import type { Contestants } from './contestants.ts'
import type { AnswerResult, GenerateAnswer } from './generate-answer.ts'
import type { LiveBattle } from './live-battle.ts'
import { drawOne } from './pairing.ts'
import { TurnGeneration, type TurnResult } from './turn-generation.ts'

/** Both answers go out together this often. Short, because it delays every token; long enough to fill a frame. */
const TICK_MS = 10

/** The labels of a conversation by its words. */
export type Categorise = (conversation: {
  prompts: readonly string[]
  answers?: readonly string[]
}) => Promise<{ language: string; categories: string[] }>

export interface TurnRunnerNeeds {
  readonly store: Pick<Store, 'endTurn' | 'recordAbandonedDraw'>
  readonly hub: Hub
  readonly clock: Clock
  readonly random: () => number
  readonly newId: () => string
  readonly contestants: Contestants
  readonly generate: GenerateAnswer
  /** False while a model's endpoint keeps failing. */
  readonly isHealthy: (id: ModelId) => boolean
  readonly categorise: Categorise
  readonly holdMs: number
  readonly logger: FastifyBaseLogger
  readonly observe: { turnEnded(kind: TurnResult['kind']): void }
}

export interface TurnPlan {
  readonly models: PerSide<ModelRecord>
  /** On the first turn a failing model can be replaced; later it has a conversation behind it. */
  readonly canRedraw: boolean
}

interface Running {
  readonly battle: LiveBattle
  readonly generation: TurnGeneration
  readonly ended: Promise<void>
}

/** Has the answers of live battles written, lets them out tick by tick and stores how they ended. */
export class TurnRunner {
  readonly #needs: TurnRunnerNeeds
  readonly #running = new Map<BattleId, Running>()
  #ticker: NodeJS.Timeout | undefined

  constructor(needs: TurnRunnerNeeds) {
    this.#needs = needs
  }

  get size(): number {
    return this.#running.size
  }

  find(battleId: BattleId): LiveBattle | undefined {
    return this.#running.get(battleId)?.battle
  }

  run(battle: LiveBattle, plan: TurnPlan): void {
    const generation = this.#generationOf(battle, plan)
    if (this.#running.has(battle.id)) throw new Error(`battle ${battle.id} is being written already`)
    const ended = this.#finish(battle, generation)
    this.#running.set(battle.id, { battle, generation, ended })
    this.#ticker ??= setInterval(() => this.#tick(), TICK_MS)
  }

  /** Ends both answers where they are and resolves when that is stored. */
  async stop(battleId: BattleId): Promise<void> {
    const running = this.#running.get(battleId)
    running?.generation.cut('stop')
    await running?.ended
  }

  /** Lets answers under way end within a time; what is left then is interrupted. */
  async drain(withinMs: number): Promise<void> {
    const allEnded = () => Promise.all([...this.#running.values()].map(({ ended }) => ended))
    let timer: NodeJS.Timeout | undefined
    const timeIsUp = new Promise((resolve) => {
      timer = setTimeout(resolve, withinMs)
    })
    await Promise.race([allEnded(), timeIsUp])
    clearTimeout(timer)
    for (const { generation } of this.#running.values()) generation.cut('interrupt')
    await allEnded()
  }

  #generationOf(battle: LiveBattle, { models, canRedraw }: TurnPlan): TurnGeneration {
    const { generate, clock, holdMs, random, isHealthy, contestants } = this.#needs
    return new TurnGeneration({
      generate,
      clock,
      holdMs,
      models,
      messages: { a: toMessages(battle, 'a'), b: toMessages(battle, 'b') },
      redraw: (taken) => {
        if (!canRedraw) return undefined
        const left = contestants.answering(isHealthy).filter(({ id }) => !taken.has(id))
        const id = drawOne(left, random)
        return id && contestants.get(id)
      },
      onAbandoned: (draw) => this.#recordAbandoned(battle, draw),
    })
  }

  #recordAbandoned(battle: LiveBattle, draw: { side: Side; modelId: ModelId; reason: string; attempts: number }): void {
    const { store, logger, clock } = this.#needs
    const record = { battleId: battle.id, turn: battle.current.turn, ...draw, at: clock.now() }
    logger.warn(record, 'a model was given up before its first token')
    store.recordAbandonedDraw(record).catch((error: unknown) => {
      logger.error({ err: error }, 'an abandoned draw was not recorded')
    })
  }

  #tick(): void {
    for (const { battle, generation } of this.#running.values()) {
      const release = generation.release()
      if (release) this.#needs.hub.publish(roomOf(battle.id), battle.append(release))
    }
  }

  async #finish(battle: LiveBattle, generation: TurnGeneration): Promise<void> {
    const { hub, logger, observe } = this.#needs
    try {
      const result = await generation.run()
      observe.turnEnded(result.kind)
      await this.#store(battle, result)
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

  async #store(battle: LiveBattle, result: TurnResult): Promise<void> {
    const { store, clock, newId, categorise, contestants, logger } = this.#needs
    const { kind, answers, models, reason } = result
    const { turn, generation } = battle.current
    const prompts = [...battle.earlier, battle.current].map(({ prompt }) => prompt)
    const earlier = battle.earlier.flatMap(({ a, b }) => [a.text, b.text])
    const { categories } = await categorise({ prompts, answers: [...earlier, answers.a.text, answers.b.text] })
    const leaks = SIDES.some((side) => namesItself(answers[side].text, toIdentity(contestants.get(models[side]))))
    if (kind === 'failed') logger.warn({ battleId: battle.id, reason }, 'a battle could not be compared')
    await store.endTurn({
      battleId: battle.id,
      turn,
      generation,
      models,
      categories,
      status: STATUS_AFTER[kind],
      failure: reason,
      answers: { a: toStored(answers.a, newId()), b: toStored(answers.b, newId()) },
      identityLeaked: leaks,
      at: clock.now(),
    })
  }
}

const STATUS_AFTER = {
  answered: 'ready',
  stopped: 'ready',
  failed: 'failed',
  interrupted: 'interrupted',
} as const satisfies Record<TurnResult['kind'], string>

function announce(battle: LiveBattle, kind: TurnResult['kind']): ServerFrame {
  if (kind === 'failed') return battle.becomeFailed()
  return kind === 'interrupted' ? battle.becomeInterrupted() : battle.becomeReady()
}

function toStored({ kind: _, modelId: __, reason: ___, ...answer }: AnswerResult, id: string): GeneratedAnswer {
  return { id: AnswerId.parse(id), ...answer }
}

function toMessages(battle: LiveBattle, side: Side): ChatMessage[] {
  const before = battle.earlier.flatMap((turn): ChatMessage[] => [
    { role: 'user', content: turn.prompt },
    { role: 'assistant', content: turn[side].text },
  ])
  return [...before, { role: 'user', content: battle.current.prompt }]
}

function toIdentity({ name, organization, endpoint }: ModelRecord) {
  return { name, organization, upstreamName: endpoint?.model ?? null }
}
