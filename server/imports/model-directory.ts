import { ModelId } from '../../contract/ids.ts'
import type { ModelRecord, NewModel, Store } from '../../db/store.ts'
import type { Identity } from '../blind/identity-leak.ts'
import { newId } from '../ids.ts'

export interface KnownModel {
  readonly id: ModelId
  readonly identity: Identity
}

/** The models of the arena by name, with those that this import brings. */
export class ModelDirectory {
  readonly #known = new Map<string, KnownModel>()
  #added: NewModel[] = []

  /** Takes what is in the store, and forgets models of this import that are not. */
  async load(store: Pick<Store, 'listModels'>): Promise<void> {
    this.#known.clear()
    for (const model of await store.listModels()) this.#known.set(model.name, toKnown(model))
  }

  /** A model that nobody knows comes in paused and without an endpoint. */
  get(name: string, at: number): KnownModel {
    const known = this.#known.get(name)
    if (known) return known
    const model = newModel(name, at)
    const added = toKnown(model)
    this.#known.set(model.name, added)
    this.#added.push(model)
    return added
  }

  /** Models that were new since it was asked for last. */
  takeAdded(): NewModel[] {
    const added = this.#added
    this.#added = []
    return added
  }
}

function newModel(name: string, at: number): NewModel {
  return {
    id: ModelId.parse(newId()),
    // A copy: the name may be a piece of a chunk of the file, and would keep all of it in memory.
    name: Buffer.from(name).toString(),
    organization: null,
    license: null,
    endpoint: null,
    weight: 1,
    price: null,
    modalities: ['text'],
    sample: false,
    status: 'paused',
    at,
  }
}

function toKnown({ id, name, organization, endpoint }: Omit<NewModel, 'at'> | ModelRecord): KnownModel {
  return { id, identity: { name, organization, upstreamName: endpoint?.model ?? null } }
}
