import type { VoterId } from '../../contract/ids.ts'
import type { ImportBatch, ImportBatchResult, KnownIds, Store } from '../../db/store.ts'
import { newId } from '../ids.ts'
import { makeAddressHasher, type AddressHasher } from './address-hash.ts'
import { BatchBuilder, type BatchContent, type ContributedId } from './batch-builder.ts'
import type { ImportedFact } from './imported-facts.ts'
import type { ImportSummary } from './import-summary.ts'
import { KeyTable } from './key-table.ts'
import { Labeller } from './labelling.ts'
import { ModelDirectory } from './model-directory.ts'
import { DEFAULT_ARENA, listOwnVotes, toWaiting, weighFacts, type WaitingRecord } from './waiting-records.ts'

/** Records in one batch, and characters of text: whichever comes first. */
const BATCH_RECORDS = 10_000
const BATCH_CHARS = 32 * 1024 * 1024
/** Other imports may come in between so often before this one gives up. */
const ATTEMPTS = 20

export interface ImportTarget extends Pick<Store, 'listModels' | 'readImportRun' | 'findImported' | 'importBatch'> {
  openHasher(at: number): Promise<AddressHasher>
}

/** The store itself, as the place that an import fills. */
export function toTarget(store: Store): ImportTarget {
  return {
    listModels: () => store.listModels(),
    readImportRun: (after) => store.readImportRun(after),
    findImported: (ids) => store.findImported(ids),
    importBatch: (batch) => store.importBatch(batch),
    openHasher: (at) => makeAddressHasher(store, at),
  }
}

export interface ImportWriterOptions {
  readonly target: ImportTarget
  /** Null: the arena of each record, or the usual one. */
  readonly arena: string | null
  /** Null: the label of each file. */
  readonly source: string | null
  /** Votes tell where they were cast from. */
  readonly hasAddresses: boolean
  readonly summary: ImportSummary
  readonly now: () => number
}

/** Brings facts into a store in batches, each whole or not at all, and counts what became of the records. */
export class ImportWriter {
  readonly #options: ImportWriterOptions
  readonly #models = new ModelDirectory()
  readonly #keys = new KeyTable()
  readonly #labeller = new Labeller()
  readonly #voters = new Map<string, VoterId>()
  readonly #arena: string
  #hasher: AddressHasher | undefined
  #waiting: WaitingRecord[] = []
  #waitingChars = 0
  /** Position of the last run whose keys are known here. */
  #position = 0

  constructor(options: ImportWriterOptions) {
    this.#options = options
    this.#arena = options.arena ?? DEFAULT_ARENA
  }

  /** Learns what is there already. */
  async open(): Promise<void> {
    if (this.#options.hasAddresses) this.#hasher ??= await this.#options.target.openHasher(this.#options.now())
    await this.#models.load(this.#options.target)
    for (;;) {
      const run = await this.#options.target.readImportRun(this.#position)
      if (!run) return
      this.#position = run.position
      if (run.arena === this.#arena) this.#keys.addStored(run.keys)
    }
  }

  /** Takes the facts of one record. When the batch is full it is to be flushed before the next. */
  add(told: readonly ImportedFact[], source: string): 'full' | 'open' {
    const hasher = this.#hasher
    const facts = hasher ? told.map((fact) => hasher.hide(fact)) : told
    this.#waiting.push(toWaiting(facts, source, { arena: this.#options.arena, keys: this.#keys }))
    this.#waitingChars += weighFacts(facts)
    return this.#waiting.length >= BATCH_RECORDS || this.#waitingChars >= BATCH_CHARS ? 'full' : 'open'
  }

  async flush(): Promise<void> {
    const records = this.#waiting
    if (records.length === 0) return
    this.#waiting = []
    this.#waitingChars = 0
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const { content, contributed } = await this.#build(records)
      const result = await this.#store(content, records[0]?.source ?? '')
      if (result.kind === 'imported') {
        this.#position = result.position
        return this.#count(result, contributed)
      }
      await this.open()
    }
    throw new Error('other imports keep coming in between: run them one after another')
  }

  async #build(records: readonly WaitingRecord[]) {
    const builder = new BatchBuilder({
      models: this.#models,
      keys: this.#keys,
      labeller: this.#labeller,
      voters: this.#voters,
      knownVotes: await this.#findKnownVotes(records),
      arena: this.#arena,
      source: this.#options.source,
      at: this.#options.now(),
    })
    const contributed: (readonly ContributedId[])[] = []
    for (const record of records) {
      const brought = builder.add(record)
      contributed.push(brought instanceof Promise ? await brought : brought)
    }
    return { content: builder.take(), contributed }
  }

  /** Votes that came here before under their own ids, by an import or by being cast here. */
  async #findKnownVotes(records: readonly WaitingRecord[]): Promise<ReadonlySet<string>> {
    const ids = records.flatMap(({ facts }) => listOwnVotes(facts))
    if (ids.length === 0) return NOTHING.votes
    return (await this.#options.target.findImported({ prompts: [], answers: [], battles: [], votes: ids })).votes
  }

  async #store(content: BatchContent, source: string): Promise<ImportBatchResult> {
    const batch: ImportBatch = {
      ...content,
      after: this.#position,
      token: newId(),
      arena: this.#arena,
      source: this.#options.source ?? source,
      at: this.#options.now(),
    }
    if (isEmpty(batch)) return { kind: 'imported', position: this.#position, created: NOTHING, turnedGold: new Set() }
    return this.#options.target.importBatch(batch)
  }

  #count({ created, turnedGold }: StoredBatch, contributed: readonly (readonly ContributedId[])[]): void {
    const { summary } = this.#options
    const isCreated = (id: ContributedId) => {
      if (id === 'bare') return true
      const [kind, name] = splitKind(id)
      return created[kind].has(name) || (kind === 'battles' && turnedGold.has(name))
    }
    const bare = contributed.flat().filter((id) => id === 'bare').length
    for (const ids of contributed) {
      if (ids.some(isCreated)) summary.imported += 1
      else summary.duplicates += 1
    }
    summary.models_created += created.models.size
    summary.prompts_created += created.prompts.size
    summary.answers_created += created.answers.size
    summary.battles_created += created.battles.size + bare
    summary.votes_created += created.votes.size + bare
  }
}

type StoredBatch = Extract<ImportBatchResult, { kind: 'imported' }>

const NOTHING: KnownIds = {
  models: new Set(),
  prompts: new Set(),
  answers: new Set(),
  battles: new Set(),
  votes: new Set(),
}

function isEmpty({ prompts, answers, battles, votes }: ImportBatch): boolean {
  return prompts.length + answers.length + battles.length + votes.length === 0
}

const KINDS = { prompt: 'prompts', answer: 'answers', battle: 'battles', vote: 'votes' } as const

function splitKind(id: Exclude<ContributedId, 'bare'>): [(typeof KINDS)[keyof typeof KINDS], string] {
  if (id.startsWith('prompt ')) return [KINDS.prompt, id.slice(7)]
  if (id.startsWith('answer ')) return [KINDS.answer, id.slice(7)]
  if (id.startsWith('battle ')) return [KINDS.battle, id.slice(7)]
  return [KINDS.vote, id.slice(5)]
}
