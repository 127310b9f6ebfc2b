import type { Writable } from 'node:stream'
import type { Store } from '../../db/store.ts'
import { BrokenFileError } from '../tabular/read-fault.ts'
import { readSourceBytes } from '../tabular/source-bytes.ts'
import { DryTarget } from './dry-target.ts'
import { stampOf } from './import-files.ts'
import type { ImportOptions } from './import-options.ts'
import { ImportWriter, toTarget } from './import-writer.ts'
import { countReason, type ImportSummary } from './import-summary.ts'
import type { ImportedFact } from './imported-facts.ts'
import { ProgressLine } from './progress-line.ts'
import { understandFile, type ImportFile, type Reading, type UnderstoodRecord } from './record-source.ts'
import type { Complaint, SkipReason } from './refusal.ts'
import type { Rejects } from './rejects.ts'

export interface ImportJob {
  readonly options: ImportOptions
  readonly reading: Reading
  readonly files: readonly ImportFile[]
  readonly openStore: () => Promise<Store>
  readonly now: () => number
  readonly stderr: Writable
  readonly rejects: Rejects
  readonly summary: ImportSummary
}

const SAMPLE_SIZE = 10

/** A fact of the sample, with its place. */
export type SampledRecord = { readonly file: string; readonly line: number } & ImportedFact

/** One run of the command: everything is read before anything is written, unless bad records are to be set aside. */
export class ImportRun {
  readonly #job: ImportJob
  readonly #stamps = new Map<ImportFile, string>()
  readonly sample: SampledRecord[] = []

  constructor(job: ImportJob) {
    this.#job = job
  }

  /** @returns true when the run did what it was to do */
  async run(): Promise<boolean> {
    for (const file of this.#job.files) this.#stamps.set(file, await stampOf(file))
    const isGood = this.#job.options.onError === 'skip' ? await this.#checkPacking() : await this.#validate()
    if (isGood) await this.#write()
    return isGood
  }

  /** Damage that only shows at the end of a packed file would otherwise be found when half of it is stored. */
  async #checkPacking(): Promise<true> {
    for (const file of this.#job.files) {
      const bytes = readSourceBytes(file.path, { onCut: () => undefined })
      await this.#naming(file, async () => {
        for await (const _chunk of bytes);
      })
    }
    return true
  }

  async #validate(): Promise<boolean> {
    const { rejects, summary } = this.#job
    for await (const { file, records } of this.#batches('checked')) {
      summary.read += records.length
      for (const record of records) if (!isFacts(record.outcome)) await this.#setAside(file, record)
    }
    const isGood = rejects.count === 0
    if (isGood) Object.assign(summary, { read: 0, skipped: 0, rejected: 0, by_reason: {} })
    return isGood
  }

  async #write(): Promise<void> {
    const { openStore, options, summary, now } = this.#job
    const store = await openStore()
    try {
      const target = options.dryRun ? new DryTarget(store) : toTarget(store)
      const hasAddresses = this.#job.reading.kind.hasAddresses ?? false
      const { arena, source } = options
      const writer = new ImportWriter({ target, arena, source, hasAddresses, summary, now })
      await writer.open()
      for await (const { file, records } of this.#batches(options.dryRun ? 'tried' : 'imported')) {
        summary.read += records.length
        for (const record of records) {
          const { outcome } = record
          if (!isFacts(outcome)) await this.#setAside(file, record)
          else {
            if (this.sample.length < SAMPLE_SIZE) this.#takeSample(file, record.line, outcome)
            if (writer.add(outcome, file.source) === 'full') await writer.flush()
          }
        }
      }
      await this.#checkUnchanged()
      await writer.flush()
    } finally {
      await store.close()
    }
  }

  #takeSample(file: ImportFile, line: number, facts: readonly ImportedFact[]): void {
    for (const fact of facts.slice(0, SAMPLE_SIZE - this.sample.length)) {
      this.sample.push({ file: file.name, line, ...withoutAddresses(fact) })
    }
  }

  async *#batches(verb: string) {
    const progress = new ProgressLine(this.#job.stderr, verb)
    try {
      for (const file of this.#job.files) {
        const batches = understandFile(file, this.#job.reading)
        for (;;) {
          const { done, value } = await this.#naming(file, () => batches.next())
          if (done) break
          yield { file, records: value }
          progress.add(value.length)
        }
      }
    } finally {
      progress.end()
    }
  }

  /** Says of which file a failure speaks. */
  async #naming<T>(file: ImportFile, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof BrokenFileError)) throw error
      const place = /^\d+: /.test(error.message) ? '' : ' '
      throw new BrokenFileError(`${file.name}:${place}${error.message}`, { cause: error })
    }
  }

  /** What was checked must be what is stored. */
  async #checkUnchanged(): Promise<void> {
    for (const [file, stamp] of this.#stamps) {
      if ((await stampOf(file)) === stamp) continue
      throw new BrokenFileError(
        `${file.name}: expected a file that stays as it is, got one that changed while it was read`,
      )
    }
  }

  async #setAside(file: ImportFile, { line, raw, outcome }: UnderstoodRecord): Promise<void> {
    if (isFacts(outcome)) return
    const { rejects, summary } = this.#job
    countReason(summary, typeof outcome === 'string' ? outcome : outcome.reason)
    if (typeof outcome === 'string') summary.skipped += 1
    else {
      summary.rejected += 1
      await rejects.add({ file: file.name, line, complaint: outcome, raw })
    }
  }
}

function isFacts(outcome: readonly ImportedFact[] | SkipReason | Complaint): outcome is readonly ImportedFact[] {
  return Array.isArray(outcome)
}

function withoutAddresses(fact: ImportedFact): ImportedFact {
  if (fact.fact !== 'battle') return fact
  return { ...fact, votes: fact.votes.map((vote) => ({ ...vote, address: null })) }
}
