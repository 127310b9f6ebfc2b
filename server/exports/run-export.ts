import type { Writable } from 'node:stream'
import type { ExportSource } from '../../db/store.ts'
import { parseExportArguments, UsageError, type ExportArguments } from './export-arguments.ts'
import { FORMAT_NAMES } from './export-query.ts'
import { ExportService, type ExportOptions, type Preview } from './export-service.ts'
import type { ExportSummary } from './export-tally.ts'
import { columnsOf } from './formats/formats.ts'
import { ProgressBar } from './progress-bar.ts'
import { toSummaryText, toTerminalText } from './summary-table.ts'
import { jsonText } from './writers/json-row.ts'
import { findKind, OutputRefused } from './writers/staged-output.ts'

export interface RunExportNeeds {
  /** Opened after the arguments were found sound, and closed before the command ends. */
  openSource(): Promise<ExportSource & { close(): Promise<void> }>
  readonly stdout: Writable
  readonly stderr: Writable & { isTTY?: boolean }
  readonly now: () => number
  /** Of Ringside. */
  readonly version: string
  /** Ends the export as if it had been interrupted: no half file is left. */
  readonly signal?: AbortSignal
}

const DONE = 0
const FAILED = 1
const BAD_USAGE = 2

const USAGE = `Usage: ringside export FORMAT [--output FILE|DIR] [options]
FORMAT: ${FORMAT_NAMES.join(' ')}
The options are listed in docs/export.md.
`

/** `ringside export FORMAT`. Returns the exit code: 0 done, 1 bad data or I/O, 2 bad usage. */
export async function runExport(argv: string[], needs: RunExportNeeds): Promise<number> {
  const { stderr } = needs
  try {
    const asked = parseExportArguments(argv)
    const place = await findPlace(asked)
    return await exportAsked(asked, place, needs)
  } catch (error) {
    if (error instanceof UsageError) {
      stderr.write(`${toTerminalText(error.message)}\n${USAGE}`)
      return BAD_USAGE
    }
    if (error instanceof OutputRefused) {
      stderr.write(`${toTerminalText(error.message)}\n`)
      return BAD_USAGE
    }
    stderr.write(`${toTerminalText(explain(error))}\n`)
    return FAILED
  }
}

type Place =
  | { readonly kind: 'nowhere' | 'stdout' }
  | { readonly kind: 'file' | 'folder' | 'device'; readonly path: string }

async function findPlace({ output, isDryRun, query }: ExportArguments): Promise<Place> {
  if (isDryRun) return { kind: 'nowhere' }
  const place = await placeOf(output)
  if (query.splits.length > 1 && place.kind !== 'folder') {
    throw new UsageError('--split needs a folder: --output DIR/ (with a slash, or one that exists)')
  }
  return place
}

async function placeOf(output: string | null): Promise<Place> {
  if (output === null || output === '-') return { kind: 'stdout' }
  if (/[/\\]$/.test(output)) return { kind: 'folder', path: output.replace(/(?<=.)[/\\]+$/, '') }
  const kind = await findKind(output)
  return { kind: kind === 'folder' || kind === 'device' ? kind : 'file', path: output }
}

async function exportAsked(asked: ExportArguments, place: Place, needs: RunExportNeeds): Promise<number> {
  warn(asked, needs)
  const interruption = listenForInterruption(needs.signal)
  const bar = new ProgressBar(needs.stderr, needs.now)
  const source = await needs.openSource()
  try {
    const service = new ExportService({ source, version: needs.version, now: needs.now })
    const options = { layout: asked.layout, signal: interruption.signal, onProgress: bar.show }
    if (place.kind === 'nowhere') {
      const preview = await service.preview(asked.query, options)
      bar.clear()
      showPreview(preview, asked, needs.stdout)
    } else {
      const summary = await write(service, { asked, place, options, stdout: needs.stdout })
      bar.clear()
      report(summary, asked, place.kind === 'stdout' ? needs.stderr : needs.stdout)
    }
    return DONE
  } finally {
    bar.clear()
    interruption.stop()
    await source.close()
  }
}

interface Writing {
  readonly asked: ExportArguments
  readonly place: Place
  readonly options: ExportOptions
  readonly stdout: Writable
}

function write(service: ExportService, { asked, place, options, stdout }: Writing): Promise<ExportSummary> {
  const { query, overwrite } = asked
  switch (place.kind) {
    case 'file':
      return service.writeFile(query, place.path, { ...options, overwrite })
    case 'folder':
      return service.writeFolder(query, place.path, { ...options, overwrite })
    case 'device':
      return service.writeDevice(query, place.path, options)
    default:
      return service.writeStream(query, stdout, options)
  }
}

function showPreview({ summary, sample }: Preview, { query, isJson }: ExportArguments, stdout: Writable): void {
  const rows = sample.map(jsonText(columnsOf(query)))
  if (isJson) stdout.write(`${JSON.stringify(summary).slice(0, -1)},"sample":[${rows.join(',')}]}\n`)
  else stdout.write(`${toSummaryText(summary)}${rows.map((row) => `${toTerminalText(row)}\n`).join('')}`)
}

function report(summary: ExportSummary, { isJson }: ExportArguments, stream: Writable): void {
  stream.write(isJson ? `${JSON.stringify(summary)}\n` : toSummaryText(summary))
}

function warn({ query, layout }: ExportArguments, { stderr }: RunExportNeeds): void {
  if (query.format === 'llamafactory' && layout.type === 'jsonl' && layout.compression !== 'none') {
    stderr.write('LLaMA-Factory does not read compressed JSONL: decompress it, or use --type parquet\n')
  }
}

/** Interrupted, a command still takes its half-written files away; a second signal ends it at once. */
function listenForInterruption(given: AbortSignal | undefined): { signal: AbortSignal; stop(): void } {
  const controller = new AbortController()
  const interrupt = (signal: string) => controller.abort(new Error(`interrupted by ${signal}: nothing was written`))
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  return {
    signal: given ? AbortSignal.any([given, controller.signal]) : controller.signal,
    stop: () => {
      process.off('SIGINT', interrupt)
      process.off('SIGTERM', interrupt)
    },
  }
}

function explain(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  switch (code) {
    case 'EPIPE':
      return 'The reader of the rows has gone away.'
    case 'ENOSPC':
      return 'The disk is full: nothing was written. Make room, or choose another place.'
    case 'ENOENT':
      return 'The folder of the output does not exist: make it first, or choose another place.'
    default:
      return `The export was not made: ${error instanceof Error ? error.message : String(error)}`
  }
}
