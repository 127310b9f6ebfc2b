import type { ModelId } from '../../contract/ids.ts'
import type { FailureKind } from './provider.ts'

export interface ModelHealthOptions {
  readonly clock: { monotonicMs(): number }
  /** So many answers in a row that failed, and a model is left out of sampling. */
  readonly failuresToRest?: number
  /** The first rest; each further one is twice as long, up to the longest. */
  readonly firstRestMs?: number
  readonly longestRestMs?: number
  readonly onChange?: (change: HealthChange) => void
}

export interface HealthChange {
  readonly modelId: ModelId
  readonly isUsable: boolean
  /** The last failure; null when the model is well again. */
  readonly reason: string | null
  readonly restMs: number
}

export interface ModelState {
  readonly modelId: ModelId
  readonly isUsable: boolean
  readonly failuresInARow: number
  readonly reason: string
  readonly restLeftMs: number
}

/** These say something about the question or about us, not about the endpoint. */
const HARMLESS: ReadonlySet<FailureKind> = new Set(['aborted', 'content-filter', 'too-long'])

interface Illness {
  failuresInARow: number
  restsInARow: number
  restEndsAt: number
  reason: string
}

/**
 * Which models answer at all, so that battles are not drawn from those that do not. A model that fails several times in
 * a row rests for a while, then one failure more is enough for a longer rest; one answer makes it well.
 */
export class ModelHealth {
  readonly #options: Required<Omit<ModelHealthOptions, 'onChange'>>
  readonly #onChange: (change: HealthChange) => void
  readonly #ill = new Map<ModelId, Illness>()

  constructor({
    clock,
    failuresToRest = 3,
    firstRestMs = 30_000,
    longestRestMs = 600_000,
    onChange,
  }: ModelHealthOptions) {
    this.#options = { clock, failuresToRest, firstRestMs, longestRestMs }
    this.#onChange = onChange ?? (() => {})
  }

  isUsable(modelId: ModelId): boolean {
    const illness = this.#ill.get(modelId)
    return illness === undefined || this.#options.clock.monotonicMs() >= illness.restEndsAt
  }

  recordAnswer(modelId: ModelId): void {
    const illness = this.#ill.get(modelId)
    this.#ill.delete(modelId)
    if (illness && illness.restsInARow > 0) this.#onChange({ modelId, isUsable: true, reason: null, restMs: 0 })
  }

  /** An answer that failed after all its attempts. */
  recordFailure(modelId: ModelId, kind: FailureKind, reason: string): void {
    if (HARMLESS.has(kind)) return
    const illness = this.#ill.get(modelId) ?? { failuresInARow: 0, restsInARow: 0, restEndsAt: 0, reason }
    illness.failuresInARow += 1
    illness.reason = reason
    this.#ill.set(modelId, illness)
    // Answers that were under way when the rest began say nothing new.
    if (illness.failuresInARow >= this.#options.failuresToRest && this.isUsable(modelId)) this.#rest(modelId, illness)
  }

  /** Models with failures since their last answer, for the operator. */
  list(): ModelState[] {
    const now = this.#options.clock.monotonicMs()
    return [...this.#ill].map(([modelId, { failuresInARow, reason, restEndsAt }]) => {
      const restLeftMs = Math.max(0, restEndsAt - now)
      return { modelId, isUsable: restLeftMs === 0, failuresInARow, reason, restLeftMs }
    })
  }

  #rest(modelId: ModelId, illness: Illness): void {
    const { clock, firstRestMs, longestRestMs } = this.#options
    const restMs = Math.min(longestRestMs, firstRestMs * 2 ** Math.min(illness.restsInARow, 30))
    illness.restsInARow += 1
    illness.restEndsAt = clock.monotonicMs() + restMs
    this.#onChange({ modelId, isUsable: false, reason: illness.reason, restMs })
  }
}
