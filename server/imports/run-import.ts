import type { Readable, Writable } from 'node:stream'
import type { Store } from '../../db/store.ts'
import { BrokenFileError } from '../tabular/read-fault.ts'
import { detectKinds } from './detect-kind.ts'
import { withImportFiles } from './import-files.ts'
import type { ImportKind } from './import-kind.ts'
import { AUTO, IMPORT_KINDS } from './import-kinds.ts'
import { parseImportOptions, UsageError, type ImportOptions } from './import-options.ts'
import { ImportRun } from './import-run.ts'
import { newSummary, toTable } from './import-summary.ts'
import type { ImportFile } from './record-source.ts'
import { Rejects } from './rejects.ts'
import { toTerminal } from './terminal-text.ts'
import { DEFAULT_ARENA } from './waiting-records.ts'

export interface ImportNeeds {
  /** Called once, when there is something to write or to look up. The import closes what it opens. */
  readonly openStore: () => Promise<Store>
  readonly stdin: Readable
  readonly stdout: Writable
  readonly stderr: Writable
  readonly now: () => number
  /** A longer record is refused. */
  readonly maxRecordBytes?: number
}

const MAX_RECORD_BYTES = 64 * 1024 * 1024

const USAGE = `Usage: ringside import KIND FILE… [--arena NAME] [--source NAME] [--map FIELD=COLUMN]…
         [--on-error stop|skip] [--reject-file FILE] [--dry-run] [--json]
KIND: ${[...IMPORT_KINDS.map(({ name }) => name), AUTO].join(', ')}
`

/** `ringside import KIND FILE…`. Returns the exit code: 0 done, 1 bad data or I/O, 2 bad usage. */
export async function runImport(argv: readonly string[], needs: ImportNeeds): Promise<number> {
  try {
    const options = parseImportOptions(argv, [...IMPORT_KINDS.map(({ name }) => name), AUTO])
    const named = findKind(options)
    if (named) checkMap(options, named)
    return await withImportFiles(options, needs.stdin, (files) => importFiles(files, options, needs))
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

async function importFiles(files: readonly ImportFile[], options: ImportOptions, needs: ImportNeeds): Promise<number> {
  const { maxRecordBytes = MAX_RECORD_BYTES, openStore, now, stderr } = needs
  const kind = await pickKind(files, options, maxRecordBytes)
  checkMap(options, kind)
  const rejects = new Rejects(stderr, options.rejectFile)
  const summary = newSummary({
    kind: kind.name,
    arena: options.arena ?? DEFAULT_ARENA,
    source: [...new Set(files.map(({ source }) => source))].join(','),
    files: files.length,
    dry_run: options.dryRun,
  })
  const reading = { kind, chosen: options.map, maxRecordBytes }
  const run = new ImportRun({ options, reading, files, openStore, now, stderr, rejects, summary })
  try {
    const isGood = await run.run()
    const shown = options.dryRun ? { ...summary, sample: run.sample } : summary
    needs.stdout.write(options.json ? `${JSON.stringify(shown)}\n` : toTable(summary))
    return isGood ? 0 : 1
  } finally {
    await rejects.close()
  }
}

function findKind({ kind: asked }: ImportOptions): ImportKind | undefined {
  return IMPORT_KINDS.find(({ name }) => name === asked)
}

async function pickKind(
  files: readonly ImportFile[],
  options: ImportOptions,
  maxRecordBytes: number,
): Promise<ImportKind> {
  const named = findKind(options)
  if (named) return named
  const found = new Set<ImportKind>()
  for (const file of files) for (const kind of await detectKinds(file, IMPORT_KINDS, maxRecordBytes)) found.add(kind)
  const [kind, ...others] = found
  if (kind && others.length === 0) return kind
  const names = [...found].map(({ name }) => name).join(', ')
  throw new UsageError(
    kind
      ? `these records could be of several kinds: name one of ${names}`
      : 'these records are of no kind that can be told from their columns: name a KIND, and columns with --map',
  )
}

function checkMap({ map }: ImportOptions, kind: ImportKind): void {
  const names = kind.fields.map(({ name }) => name)
  for (const name of map.keys()) {
    if (!names.includes(name))
      throw new UsageError(`--map: ${kind.name} has the fields ${names.join(', ')}; got "${name}"`)
  }
}
