import type { ModelId } from '../../contract/ids.ts'
import { SIDES, type PerSide, type Side } from '../../contract/outcome.ts'
import type { ModelRecord } from '../../db/store.ts'
import type { Clock } from '../clock.ts'
import type { ChatMessage } from '../providers/provider.ts'
import type { AnswerResult, GenerateAnswer } from './generate-answer.ts'
import { Pacer, type Release } from './pacer.ts'

export interface TurnGenerationNeeds {
  readonly generate: GenerateAnswer
  readonly clock: Clock
  readonly holdMs: number
  readonly messages: PerSide<readonly ChatMessage[]>
  readonly models: PerSide<ModelRecord>
  /** Another model in place of one that failed before its first token, never one of `taken`; undefined: nobody is left. */
  readonly redraw: (taken: ReadonlySet<ModelId>) => ModelRecord | undefined
  readonly onAbandoned: (draw: { side: Side; modelId: ModelId; reason: string; attempts: number }) => void
}

export type TurnResult = {
  /** `stopped`: by the person, with something to compare. `interrupted`: cut before there was. */
  readonly kind: 'answered' | 'stopped' | 'failed' | 'interrupted'
  readonly models: PerSide<ModelId>
  /** Of a stopped answer: exactly what the person saw. */
  readonly answers: PerSide<AnswerResult>
  readonly reason: string | null
}

/**
 * Asks two models at once for one turn and lets the answers out through one pacer. When one side fails for good the
 * other is stopped: there is nothing to compare.
 */
export class TurnGeneration {
  readonly #pacer: Pacer
  readonly #needs: TurnGenerationNeeds
  readonly #abort = new AbortController()
  readonly #models: { a: ModelId; b: ModelId }
  readonly #shown = { a: '', b: '' }
  readonly #taken: Set<ModelId>
  #cut: 'stop' | 'interrupt' | undefined
  #allReleased: () => void = () => {}

  constructor(needs: TurnGenerationNeeds) {
    this.#needs = needs
    this.#pacer = new Pacer({ holdMs: needs.holdMs })
    this.#models = { a: needs.models.a.id, b: needs.models.b.id }
    this.#taken = new Set([needs.models.a.id, needs.models.b.id])
  }

  /** Resolves when both answers have ended and were shown to the end, or there will be nothing to compare. */
  async run(): Promise<TurnResult> {
    const released = new Promise<void>((resolve) => {
      this.#allReleased = resolve
    })
    const [a, b] = await Promise.all([this.#runSide('a'), this.#runSide('b')]).catch((error: unknown) => {
      // A mistake of ours on one side must not leave the other one streaming unseen.
      this.#abort.abort()
      throw error
    })
    const answers = { a, b }
    const failed = SIDES.find((side) => answers[side].kind === 'failed')
    if (failed) return this.#result('failed', answers, `side ${failed}: ${answers[failed].reason ?? 'unknown'}`)
    if (this.#cut === undefined) await Promise.race([released, aborted(this.#abort.signal)])
    if (this.#cut === undefined) return this.#result('answered', answers, null)
    const shown = { a: { ...a, text: this.#shown.a }, b: { ...b, text: this.#shown.b } }
    const comparable = this.#cut === 'stop' && SIDES.every((side) => shown[side].text.trim() !== '')
    return this.#result(comparable ? 'stopped' : 'interrupted', shown, null)
  }

  /** What may be shown now; called on every tick. */
  release(): Release | undefined {
    if (this.#cut !== undefined || this.#abort.signal.aborted) return undefined
    const release = this.#pacer.release(this.#needs.clock.monotonicMs())
    if (release) for (const side of SIDES) this.#shown[side] += release.text[side]
    if (this.#pacer.done) this.#allReleased()
    return release
  }

  /** `stop`: the person has read enough; what was shown stays. `interrupt`: the server goes away. */
  cut(why: 'stop' | 'interrupt'): void {
    this.#cut ??= why
    this.#abort.abort()
  }

  async #runSide(side: Side): Promise<AnswerResult> {
    const { generate, clock, messages, models, redraw, onAbandoned } = this.#needs
    let drawn = false
    const result = await generate({
      messages: messages[side],
      signal: this.#abort.signal,
      draw: () => {
        const model = drawn ? redraw(this.#taken) : models[side]
        drawn = true
        if (!model) return undefined
        this.#taken.add(model.id)
        this.#models[side] = model.id
        return model
      },
      onText: (text) => this.#pacer.push(side, text, clock.monotonicMs()),
      onAbandoned: (draw) => onAbandoned({ side, ...draw }),
    })
    if (result.kind === 'failed') this.#abort.abort()
    else this.#pacer.complete(side)
    return result
  }

  #result(kind: TurnResult['kind'], answers: PerSide<AnswerResult>, reason: string | null): TurnResult {
    return { kind, answers, reason, models: { ...this.#models } }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
