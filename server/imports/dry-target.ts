import type { ImportBatch, ImportBatchResult, ImportIds, Store } from '../../db/store.ts'
import { findAddressHasher } from './address-hash.ts'
import type { ImportTarget } from './import-writer.ts'

type Readable = Pick<Store, 'listModels' | 'readImportRun' | 'findImported' | 'findSecret'>

/** Says what an import would store, and stores nothing. */
export class DryTarget implements ImportTarget {
  readonly #store: Readable
  /** What earlier batches would have stored and later ones may name again. */
  readonly #told = new Set<string>()

  constructor(store: Readable) {
    this.#store = store
  }

  listModels() {
    return this.#store.listModels()
  }

  readImportRun(after: number) {
    return this.#store.readImportRun(after)
  }

  openHasher() {
    return findAddressHasher(this.#store)
  }

  findImported(ids: ImportIds) {
    return this.#store.findImported(ids)
  }

  async importBatch(batch: ImportBatch): Promise<ImportBatchResult> {
    const { models, prompts, answers, battles, votes } = batch
    const fresh = votes.filter(({ hasOwnId, history }) => !hasOwnId && history.kind !== 'bare').map(({ id }) => id)
    const named = {
      prompts: prompts.map(({ id }) => id),
      answers: answers.map(({ id }) => id),
      battles: battles.map(({ id }) => id),
      votes: votes.filter(({ hasOwnId }) => hasOwnId).map(({ id }) => id),
    }
    const known = await this.#store.findImported(named)
    const created = {
      models: new Set(models.map(({ id }) => id)),
      prompts: this.#pickNew('prompt', named.prompts, known.prompts),
      answers: this.#pickNew('answer', named.answers, known.answers),
      battles: this.#pickNew('battle', named.battles, known.battles),
      votes: this.#pickNew('vote', named.votes, known.votes),
    }
    for (const id of fresh) created.votes.add(id)
    return { kind: 'imported', position: batch.after, created, turnedGold: new Set() }
  }

  #pickNew(kind: string, ids: readonly string[], known: ReadonlySet<string>): Set<string> {
    const fresh = new Set<string>()
    for (const id of ids) {
      const name = `${kind} ${id}`
      if (known.has(id) || this.#told.has(name)) continue
      this.#told.add(name)
      fresh.add(id)
    }
    return fresh
  }
}
