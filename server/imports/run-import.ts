import { createWriteStream } from 'node:fs'
import { access, constants, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Store } from '../../db/store.ts'
import { BrokenFileError } from '../tabular/read-fault.ts'
import { AnswerWriter } from './answer-writer.ts'
import { ColumnMap } from './column-map.ts'
import type { ImportKind } from './import-kind.ts'
import { parseImportOptions, sourceOf, STDIN, UsageError, type ImportOptions } from './import-options.ts'
import { countReason, newSummary, toTable, type ImportSummary } from './import-summary.ts'
import { answersKind } from './kinds/answers.ts'
import { understandFile, type ImportFile, type UnderstoodRecord } from './record-source.ts'
import { Rejects } from './rejects.ts'
import { toTerminal } from './terminal-text.ts'

export interface ImportNeeds {
  /** Called once, and only when something is to be written or looked up. The import closes what it opens. */
  readonly openStore: () => Promise<Store>
  readonly stdin: Readable
  readonly stdout: Writable
  readonly stderr: Writable
  readonly now: () => number
}

const KINDS: readonly ImportKind[] = [answersKind]

const USAGE = `Usage: ringside import KIND FILE… [--arena NAME] [--source NAME] [--map FIELD=COLUMN]…
         [--on-error stop|skip] [--reject-file FILE] [--dry-run] [--json]
`

/** `ringside import KIND FILE…`. Returns the exit code: 0 done, 1 bad data or I/O, 2 bad usage. */
export async function runImport(argv: readonly string[], needs: ImportNeeds): Promise<number> {
  try {
    const kinds = KINDS.map(({ name }) => name)
    const options = parseImportOptions(argv, kinds)
    const kind = KINDS.find(({ name }) => name === options.kind)
    if (!kind) throw new UsageError(`KIND must be one of ${kinds.join(', ')}`)
    checkMap(options, kind)
    return await withFiles(options, needs.stdin, (files) => importFiles(files, { options, kind, needs }))
  } catch (error) {
    if (error instanceof UsageError) {
      needs.stderr.write(`${toTerminal(error.message)}\n${USAGE}`)
      return 2
    }
    if (!isBadInput(error)) throw error
    needs.stderr.write(`${toTerminal(error.message)}\n`)
    return 1
  }
}

/** Files that are damaged or cannot be opened; anything else is a bug or an outage. */
function isBadInput(error: unknown): error is Error {
  if (error instanceof BrokenFileError) return true
  return error instanceof Error && 'syscall' in error && 'code' in error
}

function checkMap({ map }: ImportOptions, kind: ImportKind): void {
  const names = kind.fields.map(({ name }) => name)
  for (const name of map.keys()) {
    if (!names.includes(name))
      throw new UsageError(`--map: ${kind.name} has the fields ${names.join(', ')}; got "${name}"`)
  }
}

/** Finds the inputs; what comes through stdin is put into a file, since it is read more than once. */
async function withFiles<T>(
  options: ImportOptions,
  stdin: Readable,
  work: (files: readonly ImportFile[]) => Promise<T>,
): Promise<T> {
  const folder = options.files.includes(STDIN) ? await mkdtemp(join(tmpdir(), 'ringside-import-')) : null
  try {
    const files: ImportFile[] = []
    for (const name of options.files) {
      const source = options.source ?? sourceOf(name)
      if (name === STDIN && folder !== null) {
        const path = join(folder, 'stdin')
        await pipeline(stdin, createWriteStream(path, { mode: 0o600 }))
        files.push({ name, path, source })
      } else {
        await access(name, constants.R_OK)
        files.push({ name, path: name, source })
      }
    }
    return await work(files)
  } finally {
    if (folder !== null) await rm(folder, { recursive: true, force: true })
  }
}

interface Job {
  readonly options: ImportOptions
  readonly kind: ImportKind
  readonly needs: ImportNeeds
}

async function importFiles(files: readonly ImportFile[], job: Job): Promise<number> {
  const { options, needs } = job
  const rejects = new Rejects(needs.stderr, options.rejectFile)
  const sources = [...new Set(files.map(({ source }) => source))].join(',')
  const about = {
    kind: options.kind,
    arena: options.arena,
    source: sources,
    files: files.length,
    dry_run: options.dryRun,
  }
  const summary = newSummary(about)
  const run = new ImportRun(files, { ...job, rejects, summary })
  try {
    const isGood = options.onError === 'skip' || (await run.validate())
    if (isGood) await run.write()
    needs.stdout.write(options.json ? `${JSON.stringify(summary)}\n` : toTable(summary))
    return isGood ? 0 : 1
  } finally {
    await rejects.close()
  }
}

class ImportRun {
  readonly #files: readonly ImportFile[]
  readonly #job: Job & { rejects: Rejects; summary: ImportSummary }

  constructor(files: readonly ImportFile[], job: Job & { rejects: Rejects; summary: ImportSummary }) {
    this.#files = files
    this.#job = job
  }

  /** Reads everything and writes nothing. True when no record is bad. */
  async validate(): Promise<boolean> {
    const { rejects, summary } = this.#job
    for await (const { file, record } of this.#records()) {
      summary.read += 1
      await this.#setAside(file, record)
    }
    const isGood = rejects.count === 0
    if (isGood) Object.assign(summary, { read: 0, skipped: 0, rejected: 0, by_reason: {} })
    return isGood
  }

  async write(): Promise<void> {
    const { needs, options, summary } = this.#job
    if (options.dryRun) return await this.#count()
    const store = await needs.openStore()
    try {
      const writer = new AnswerWriter({ store, arena: options.arena, summary, now: needs.now })
      for await (const { file, record } of this.#records()) {
        summary.read += 1
        const { outcome } = record
        if (typeof outcome === 'object' && 'fact' in outcome) await writer.add(outcome, file.source)
        else await this.#setAside(file, record)
      }
      await writer.flush()
    } finally {
      await store.close()
    }
  }

  async #count(): Promise<void> {
    const { summary } = this.#job
    for await (const { file, record } of this.#records()) {
      summary.read += 1
      if (typeof record.outcome === 'object' && 'fact' in record.outcome) summary.imported += 1
      else await this.#setAside(file, record)
    }
  }

  async *#records() {
    const { kind, options } = this.#job
    const map = new ColumnMap(kind.fields, options.map)
    for (const file of this.#files) {
      try {
        for await (const records of understandFile(file, { kind, map })) {
          for (const record of records) yield { file, record }
        }
      } catch (error) {
        if (!(error instanceof BrokenFileError)) throw error
        throw new BrokenFileError(`${file.name}:${error.message}`, { cause: error })
      }
    }
  }

  async #setAside(file: ImportFile, { line, raw, outcome }: UnderstoodRecord): Promise<void> {
    const { rejects, summary } = this.#job
    if (typeof outcome === 'string') {
      summary.skipped += 1
      countReason(summary, outcome)
    } else if ('complaint' in outcome) {
      summary.rejected += 1
      countReason(summary, outcome.complaint.reason)
      await rejects.add({ file: file.name, line, complaint: outcome.complaint, raw })
    }
  }
}
