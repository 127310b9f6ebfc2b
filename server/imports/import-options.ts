import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { CATEGORY_PATTERN } from '../../contract/categories.ts'

export interface ImportOptions {
  readonly kind: string
  readonly files: readonly string[]
  /** Null: the usual one, or where our own exports say. */
  readonly arena: string | null
  /** Null: each file's own name. */
  readonly source: string | null
  /** Column, dotted path or `=text` by field. */
  readonly map: ReadonlyMap<string, string>
  readonly onError: 'stop' | 'skip'
  readonly rejectFile: string | null
  readonly dryRun: boolean
  readonly json: boolean
}

/** The command cannot be understood: nothing was done. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const STDIN = '-'

/** Reads `KIND FILE… [flags]`. */
export function parseImportOptions(argv: readonly string[], kinds: readonly string[]): ImportOptions {
  const { values, positionals } = parseArguments(argv)
  const [kind, ...files] = positionals
  if (kind === undefined || !kinds.includes(kind)) {
    throw new UsageError(`KIND must be one of ${kinds.join(', ')}${kind === undefined ? '' : `; got "${kind}"`}`)
  }
  if (files.length === 0) throw new UsageError('expected at least one FILE, or - for stdin')
  if (files.filter((file) => file === STDIN).length > 1) throw new UsageError('stdin (-) can be read once')
  const { arena = null, source = null, 'on-error': onError = 'stop', 'reject-file': rejectFile = null } = values
  if (arena !== null && !CATEGORY_PATTERN.test(arena)) {
    throw new UsageError(`--arena must be lower case letters, digits and dashes; got "${arena}"`)
  }
  if (onError !== 'stop' && onError !== 'skip')
    throw new UsageError(`--on-error must be stop or skip; got "${onError}"`)
  if (rejectFile !== null && files.includes(rejectFile)) throw new UsageError('--reject-file must not be an input')
  return {
    kind,
    files,
    arena,
    source,
    onError,
    rejectFile,
    map: parseMap(values.map ?? []),
    dryRun: values['dry-run'] ?? false,
    json: values.json ?? false,
  }
}

function parseArguments(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        arena: { type: 'string' },
        source: { type: 'string' },
        map: { type: 'string', multiple: true },
        'on-error': { type: 'string' },
        'reject-file': { type: 'string' },
        'dry-run': { type: 'boolean' },
        json: { type: 'boolean' },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

function parseMap(entries: readonly string[]): Map<string, string> {
  const map = new Map<string, string>()
  for (const entry of entries) {
    const at = entry.indexOf('=')
    if (at <= 0 || at === entry.length - 1)
      throw new UsageError(`--map must be FIELD=COLUMN or FIELD==TEXT; got "${entry}"`)
    const field = entry.slice(0, at)
    if (map.has(field)) throw new UsageError(`--map gives ${field} twice`)
    map.set(field, entry.slice(at + 1))
  }
  return map
}

const EXTENSION = /\.(?:gz|gzip|zst|zstd|jsonl|ndjson|json|csv|tsv|txt|parquet)$/i

/** The label of a file's records: its name without extensions. */
export function sourceOf(file: string): string {
  if (file === STDIN) return 'stdin'
  let name = basename(file)
  while (EXTENSION.test(name)) name = name.replace(EXTENSION, '')
  return name === '' ? basename(file) : name
}
