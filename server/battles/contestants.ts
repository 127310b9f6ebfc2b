import type { ModelId } from '../../contract/ids.ts'
import type { ModelRecord } from '../../db/store.ts'
import type { Contestant } from './pairing.ts'

/**
 * The models that battles are drawn from, by id. Kept in memory: a draw must cost nothing. Only the battle services see
 * it; nothing of it is ever sent before a vote.
 */
export class Contestants {
  #models: ReadonlyMap<ModelId, ModelRecord> = new Map()

  replace(models: readonly ModelRecord[]): void {
    this.#models = new Map(models.map((model) => [model.id, model]))
  }

  /** @throws Error for an id that no model has: ids in battles always come from here */
  get(id: ModelId): ModelRecord {
    const model = this.#models.get(id)
    if (!model) throw new Error(`model ${id} is not among the contestants`)
    return model
  }

  find(id: ModelId): ModelRecord | undefined {
    return this.#models.get(id)
  }

  /** Active models that an endpoint answers for, and that `usable` does not rule out. */
  answering(usable: (id: ModelId) => boolean): Contestant<ModelId>[] {
    return [...this.#models.values()]
      .filter(({ id, status, endpoint }) => status === 'active' && endpoint !== null && usable(id))
      .map(({ id, weight }) => ({ id, weight }))
  }

  isActive(id: ModelId): boolean {
    return this.#models.get(id)?.status === 'active'
  }
}
