import type { BattleView } from '../../contract/battle.ts'
import { BattleId, type ModelId, type VoterId } from '../../contract/ids.ts'
import type { PreparedPrompt, Store } from '../../db/store.ts'
import { AppError } from '../app-error.ts'
import type { Clock } from '../clock.ts'
import type { RateLimit } from '../rate-limit.ts'
import type { Contestants } from './contestants.ts'
import { toPendingView } from './battle-views.ts'
import { drawOne } from './pairing.ts'
import { canCompare, drawPrepared } from './prepared-sets.ts'

/** Pairs remembered per voter when the next prepared pair is drawn. */
const SEEN_PAIRS = 2_000

export interface PreparedServiceNeeds {
  readonly store: Pick<Store, 'recordBattle' | 'findBattle' | 'listSeenPairs' | 'listPreparedPrompts' | 'getPrompt'>
  readonly clock: Clock
  readonly random: () => number
  readonly newId: () => string
  readonly contestants: Contestants
  readonly nodeId: string
  readonly limit: RateLimit
  readonly observe: { battleStarted(kind: 'prepared'): void }
}

/** Battles between answers that exist already, and the prompts of these sets as suggestions. */
export class PreparedService {
  readonly #needs: PreparedServiceNeeds
  readonly #prompts = new Map<string, readonly PreparedPrompt[]>()

  constructor(needs: PreparedServiceNeeds) {
    this.#needs = needs
  }

  /** Reads the prepared prompts of an arena again, after an import. */
  async refresh(arena: string): Promise<void> {
    this.#prompts.set(arena, await this.#needs.store.listPreparedPrompts(arena))
  }

  canCompare(arena: string): boolean {
    return this.#promptsOf(arena).some((prompt) => canCompare(prompt, (id) => this.#weightOf(id)))
  }

  /** The next pair for this voter, in the language given where there is one. */
  async start(request: { voterId: VoterId; arena: string; language: string | undefined }): Promise<BattleView> {
    const { voterId, arena, language } = request
    const { store, clock, random, newId, nodeId, observe, limit } = this.#needs
    limit.take(voterId, 'pairs')
    const seen = await store.listSeenPairs(voterId, arena, SEEN_PAIRS)
    const prompts = this.#promptsOf(arena)
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
      prepared: { promptId: draw.promptId, answers: draw.answers },
    })
    observe.battleStarted('prepared')
    const record = await store.findBattle(id)
    if (!record) throw new Error(`battle ${id} was recorded and is not there`)
    return toPendingView(record)
  }

  /** Prompts to offer on the empty page. */
  async suggest(
    arena: string,
    language: string | undefined,
    count: number,
  ): Promise<{ prompt: string; language: string }[]> {
    const { store, random } = this.#needs
    const all = this.#promptsOf(arena)
    const inLanguage = all.filter((prompt) => prompt.language === language)
    const left = new Set(inLanguage.length > 0 ? inLanguage : all)
    const chosen: PreparedPrompt[] = []
    while (chosen.length < count && left.size > 0) {
      const next = drawOne(
        [...left].map((prompt) => ({ id: prompt, weight: 1 })),
        random,
      )
      if (!next) break
      left.delete(next)
      chosen.push(next)
    }
    const texts = await Promise.all(chosen.map(({ id }) => store.getPrompt(id)))
    return texts.map(({ text: prompt, language: of }) => ({ prompt, language: of }))
  }

  #promptsOf(arena: string): readonly PreparedPrompt[] {
    return this.#prompts.get(arena) ?? []
  }

  #weightOf(id: ModelId): number {
    const model = this.#needs.contestants.find(id)
    return model?.status === 'active' ? model.weight : 0
  }
}
