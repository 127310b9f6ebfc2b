import { basename } from 'node:path'
import type { Writable } from 'node:stream'
import type { ExportSource, LogEnd } from '../../db/store.ts'
import { toDatasetCard, type WrittenFile } from './card/dataset-card.ts'
import { findLicences, licenceText } from './card/licences.ts'
import type { Row } from './columns.ts'
import type { ExportQuery } from './export-query.ts'
import { ExportRun } from './export-run.ts'
import type { ExportSummary } from './export-tally.ts'
import { columnsOf } from './formats/formats.ts'
import { datasetEntry } from './formats/llamafactory.ts'
import { StreamTarget, type ByteTarget } from './writers/byte-target.ts'
import type { FileTarget } from './writers/file-target.ts'
import { openRowSink } from './writers/open-row-sink.ts'
import { extensionOf, type FileLayout, type RowSink } from './writers/row-sink.ts'
import { toSafeFileName } from './writers/safe-file-name.ts'
import { openDevice, StagedOutput } from './writers/staged-output.ts'

const SAMPLE_ROWS = 10

export interface ExportNeeds {
  readonly source: ExportSource
  /** Of Ringside. */
  readonly version: string
  readonly now: () => number
}

export interface ExportOptions {
  readonly layout: FileLayout
  readonly signal?: AbortSignal | undefined
  /** Told how much of the log was read, 0..1, and how many units were looked at. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

export interface Progress {
  readonly share: number
  readonly units: number
}

export interface Preview {
  readonly summary: ExportSummary
  readonly sample: readonly Row[]
}

/** Exports by query: looked at beforehand, to a stream, to one file, or to a folder with its card. */
export class ExportService {
  readonly #needs: ExportNeeds

  constructor(needs: ExportNeeds) {
    this.#needs = needs
  }

  /** Counts by reason and the first rows, as they would be written; writes nothing. */
  async preview(query: ExportQuery, options: Omit<ExportOptions, 'layout'> = {}): Promise<Preview> {
    const run = await this.#startRun(query, options)
    const sample: Row[] = []
    for await (const rows of this.#readRows(run, options)) {
      for (const { row } of rows.slice(0, SAMPLE_ROWS - sample.length)) sample.push(row)
    }
    return { summary: run.tally.summarise({ dryRun: true }), sample }
  }

  /** What a download of it is called. */
  nameFile({ format, filter }: ExportQuery, layout: FileLayout): string {
    return `${toSafeFileName(['ringside', format, ...filter.arenas].join('-'))}.${extensionOf(layout)}`
  }

  /** To a stream that stays open: standard output, or an answer over HTTP. Fails when its reader goes away. */
  async writeStream(query: ExportQuery, stream: Writable, options: ExportOptions): Promise<ExportSummary> {
    return this.#writeTarget(query, new StreamTarget(stream), options)
  }

  /** To a pipe or a device, which has no name to be given afterwards. */
  async writeDevice(query: ExportQuery, path: string, options: ExportOptions): Promise<ExportSummary> {
    return this.#writeTarget(query, await openDevice(path), options)
  }

  /** To a file that appears when it is complete. */
  async writeFile(query: ExportQuery, path: string, options: ExportOptions & Overwriting): Promise<ExportSummary> {
    const output = await StagedOutput.openFile(path, options.overwrite)
    return finishOrAbandon(output, async () => {
      const run = await this.#startRun(query, options)
      const target = await output.createFile(basename(path))
      await this.#writeRows(run, options, new Map([[run.query.splits[0]?.name ?? '', target]]))
      return run.tally.summarise({ files: { [path]: target.sha256 } })
    })
  }

  /** To a folder: one file a split, the card, the manifest last. */
  async writeFolder(query: ExportQuery, folder: string, options: ExportOptions & Overwriting): Promise<ExportSummary> {
    const names = new Map(query.splits.map(({ name }) => [name, `data/${name}.${extensionOf(options.layout)}`]))
    const companions = ['README.md', 'LICENSE.md', 'dataset_info.json', 'manifest.json']
    const output = await StagedOutput.openFolder(folder, [...names.values(), ...companions], options.overwrite)
    return finishOrAbandon(output, async () => {
      const run = await this.#startRun(query, options)
      const targets = new Map<string, FileTarget>()
      for (const [split, name] of names) targets.set(split, await output.createFile(name))
      await this.#writeRows(run, options, targets)
      const files = [...targets].map(([split, { sha256, sizeBytes }]) => ({
        split,
        name: names.get(split) ?? split,
        sha256,
        sizeBytes,
      }))
      const summary = run.tally.summarise({
        files: Object.fromEntries(files.map(({ name, sha256 }) => [name, sha256])),
      })
      await this.#writeCompanions(output, { run, options, files, summary })
      return summary
    })
  }

  async #writeCompanions(output: StagedOutput, { run, options, files, summary }: Written): Promise<void> {
    const { source, version, now } = this.#needs
    const { query, tally, logEnd } = run
    const models = await source.listModels()
    const year = new Date(now()).getUTCFullYear()
    const { layout } = options
    const card = toDatasetCard({ query, layout, tally, summary, files, models, logEnd, version, year })
    await output.writeText('README.md', card)
    const licences = findLicences(models, tally.models.keys())
    if (licences.hub === 'other') await output.writeText('LICENSE.md', licenceText(licences))
    if (query.format === 'llamafactory') {
      const entries = files.map(({ split, name }) => [`ringside_${split}`, datasetEntry(name, query.text)])
      await output.writeText('dataset_info.json', toJsonFile(Object.fromEntries(entries)))
    }
    const { files: _, dry_run: __, ...counts } = summary
    const manifest = { ringside: version, query, layout, log: logEnd, counts, files: output.hashes() }
    await output.writeText('manifest.json', toJsonFile(manifest))
  }

  async #writeTarget(query: ExportQuery, target: ByteTarget, options: ExportOptions): Promise<ExportSummary> {
    const run = await this.#startRun(query, options)
    await this.#writeRows(run, options, new Map([[run.query.splits[0]?.name ?? '', target]]))
    return run.tally.summarise()
  }

  async #startRun(query: ExportQuery, { signal }: Pick<ExportOptions, 'signal'>): Promise<ExportRun> {
    const { source } = this.#needs
    const logEnd: LogEnd = await source.findLogEnd()
    return new ExportRun(query, { source, logEnd, signal })
  }

  async #writeRows(run: ExportRun, options: ExportOptions, targets: ReadonlyMap<string, ByteTarget>): Promise<void> {
    const sinks = new Map<string, RowSink>()
    const columns = columnsOf(run.query)
    for (const [split, target] of targets) sinks.set(split, openRowSink(columns, options.layout, target))
    for await (const rows of this.#readRows(run, options)) {
      for (const [split, sink] of sinks) {
        const own = sinks.size === 1 ? rows : rows.filter((routed) => routed.split === split)
        await sink.write(own.map(({ row }) => row))
      }
    }
    for (const sink of sinks.values()) await sink.end()
  }

  async *#readRows(run: ExportRun, { signal, onProgress }: Omit<ExportOptions, 'layout'>) {
    let passed = 0
    for await (const batch of run.batches()) {
      signal?.throwIfAborted()
      passed += batch.passed
      onProgress?.({ share: passed / Math.max(1, run.logEnd.entries), units: run.tally.kept + run.tally.dropped })
      yield batch.items
    }
  }
}

interface Overwriting {
  /** What is there may be replaced. */
  readonly overwrite: boolean
}

interface Written {
  readonly run: ExportRun
  readonly options: ExportOptions
  readonly files: readonly WrittenFile[]
  readonly summary: ExportSummary
}

async function finishOrAbandon<T>(output: StagedOutput, write: () => Promise<T>): Promise<T> {
  try {
    const result = await write()
    await output.commit()
    return result
  } finally {
    await output.abandon()
  }
}

function toJsonFile(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
