import { parseArgs } from 'node:util'
import {
  ALL_IN_ONE,
  defaultQuery,
  findContradiction,
  FORMAT_NAMES,
  type ExportQuery,
  type FormatName,
  type SplitShare,
} from './export-query.ts'
import { COMPRESSIONS, hasZstd } from './writers/compression.ts'
import { FILE_TYPES, type FileLayout, type FileType } from './writers/row-sink.ts'
import { isSplitName } from './writers/safe-file-name.ts'

/** A command line that cannot be followed; says what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export interface ExportArguments {
  readonly query: ExportQuery
  readonly layout: FileLayout
  /** Null: standard output. */
  readonly output: string | null
  readonly overwrite: boolean
  readonly isDryRun: boolean
  readonly isJson: boolean
}

const OPTIONS = {
  output: { type: 'string' },
  type: { type: 'string' },
  compress: { type: 'string' },
  ties: { type: 'string', default: 'drop' },
  'both-bad': { type: 'string', default: 'drop' },
  'min-votes': { type: 'string', default: '1' },
  'min-agreement': { type: 'string', default: '0' },
  turns: { type: 'string', default: 'last' },
  margin: { type: 'string', default: 'none' },
  arena: { type: 'string', multiple: true },
  category: { type: 'string', multiple: true },
  language: { type: 'string', multiple: true },
  model: { type: 'string', multiple: true },
  'exclude-model': { type: 'string', multiple: true },
  since: { type: 'string' },
  until: { type: 'string' },
  split: { type: 'string' },
  seed: { type: 'string', default: '0' },
  dedup: { type: 'string', default: 'exact' },
  'mask-pii': { type: 'string', default: 'on' },
  'implicit-prompt': { type: 'boolean', default: false },
  text: { type: 'boolean', default: false },
  overwrite: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const

/** @throws UsageError */
export function parseExportArguments(argv: readonly string[]): ExportArguments {
  const { values, positionals } = readWords(argv)
  const format = oneOf('FORMAT', positionals[0], FORMAT_NAMES)
  if (positionals.length > 1) throw new UsageError(`one FORMAT at a time, got ${positionals.join(' ')}`)
  const query: ExportQuery = {
    ...defaultQuery(format),
    ...readChoices(values),
    filter: {
      arenas: values.arena ?? [],
      categories: values.category ?? [],
      languages: values.language ?? [],
      models: values.model ?? [],
      excludedModels: values['exclude-model'] ?? [],
      since: readInstant('--since', values.since),
      until: readInstant('--until', values.until),
    },
    splits: values.split === undefined ? ALL_IN_ONE : readSplits(values.split),
  }
  const contradiction = findContradiction(query)
  if (contradiction !== undefined) throw new UsageError(contradiction)
  return {
    query,
    layout: readLayout(query, values),
    output: values.output ?? null,
    overwrite: values.overwrite,
    isDryRun: values['dry-run'],
    isJson: values.json,
  }
}

type Values = ReturnType<typeof readWords>['values']

function readWords(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

function readChoices(values: Values) {
  const dropOrBoth = ['drop', 'both'] as const
  return {
    ties: oneOf('--ties', values.ties, dropOrBoth),
    bothBad: oneOf('--both-bad', values['both-bad'], dropOrBoth),
    minVotes: readNumber('--min-votes', values['min-votes'], { least: 0, most: 1e9, isWhole: true }),
    minAgreement: readNumber('--min-agreement', values['min-agreement'], { least: 0, most: 1, isWhole: false }),
    turns: oneOf('--turns', values.turns, ['last', 'each'] as const),
    margin: oneOf('--margin', values.margin, ['none', 'share', 'strength'] as const),
    seed: readNumber('--seed', values.seed, { least: 0, most: Number.MAX_SAFE_INTEGER, isWhole: true }),
    dedup: oneOf('--dedup', values.dedup, ['exact', 'near', 'none'] as const),
    maskPii: oneOf('--mask-pii', values['mask-pii'], ['on', 'off'] as const) === 'on',
    implicitPrompt: values['implicit-prompt'],
    text: values.text,
  }
}

function oneOf<const T extends string>(name: string, value: string | undefined, known: readonly T[]): T {
  const found = known.find((one) => one === value)
  if (found === undefined) throw new UsageError(`${name}: expected ${known.join('|')}, got ${value ?? 'nothing'}`)
  return found
}

function readNumber(name: string, text: string, bounds: { least: number; most: number; isWhole: boolean }): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  const isRight = value >= bounds.least && value <= bounds.most && (!bounds.isWhole || Number.isInteger(value))
  if (isRight) return value
  const kind = bounds.isWhole ? 'a whole number' : 'a number'
  throw new UsageError(`${name}: expected ${kind} from ${bounds.least} to ${bounds.most}, got ${text}`)
}

const DATE = /^\d{4}-\d{2}-\d{2}$/
const DATE_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?$/i

/** ISO 8601, or a date; what names no zone is UTC. */
function readInstant(name: string, text: string | undefined): number | null {
  if (text === undefined) return null
  const zoned = DATE_TIME.exec(text)
  const complete = zoned ? text.replace(' ', 'T').replace(',', '.') + (zoned[1] === undefined ? 'Z' : '') : text
  const at = zoned || DATE.test(text) ? Date.parse(complete) : Number.NaN
  if (Number.isNaN(at)) {
    throw new UsageError(
      `${name}: expected a date or ISO 8601, such as 2026-11-24 or 2026-11-24T22:00:00Z, got ${text}`,
    )
  }
  return at
}

const ROUNDING = 1e-9

function readSplits(text: string): SplitShare[] {
  const splits = text.split(',').map((part) => {
    const [name = '', share = '', ...rest] = part.split('=')
    const value = Number(share)
    const isRight = isSplitName(name) && rest.length === 0 && share.trim() !== '' && value > 0 && value <= 1
    if (!isRight) throw new UsageError(`--split: expected NAME=SHARE such as train=0.9,test=0.1, got ${part}`)
    return { name, share: value }
  })
  if (new Set(splits.map(({ name }) => name)).size < splits.length)
    throw new UsageError('--split: a name is there twice')
  const sum = splits.reduce((total, { share }) => total + share, 0)
  if (Math.abs(sum - 1) > ROUNDING) throw new UsageError(`--split: the shares sum to ${sum}, expected 1`)
  return splits
}

function readLayout({ format, text }: ExportQuery, values: Values): FileLayout {
  const named = layoutOfName(values.output ?? '')
  const type = values.type === undefined ? (named.type ?? 'jsonl') : oneOf('--type', values.type, FILE_TYPES)
  const chosen = values.compress === undefined ? named.compression : oneOf('--compress', values.compress, COMPRESSIONS)
  if (type === 'csv' && !hasCsv(format, text)) {
    throw new UsageError(`--type csv: only for votes, and for dpo, kto, reward and sft with --text, not for ${format}`)
  }
  if (format === 'openai' && type !== 'jsonl') throw new UsageError(`--type ${type}: openai files are JSONL`)
  if (type === 'parquet' && values.compress === undefined && named.compression !== undefined) {
    throw new UsageError('a Parquet file is compressed inside: leave the second extension out, or use --compress')
  }
  if (chosen === 'zstd' && !hasZstd()) {
    throw new UsageError('--compress zstd needs Node 22.15 or later; this one has gzip')
  }
  return { type, compression: chosen ?? (type === 'parquet' ? 'snappy' : 'none') }
}

function hasCsv(format: FormatName, text: boolean): boolean {
  return format === 'votes' || (text && ['dpo', 'kto', 'reward', 'sft'].includes(format))
}

function layoutOfName(name: string): { type: FileType | undefined; compression: 'gzip' | 'zstd' | undefined } {
  const [, type, suffix] = /\.(jsonl|ndjson|parquet|csv)(?:\.(gz|zst))?$/i.exec(name) ?? []
  const compression = { gz: 'gzip', zst: 'zstd' } as const
  const types = { jsonl: 'jsonl', ndjson: 'jsonl', parquet: 'parquet', csv: 'csv' } as const
  return { type: pick(types, type), compression: pick(compression, suffix ?? /\.(gz|zst)$/i.exec(name)?.[1]) }
}

function pick<T>(table: Readonly<Record<string, T>>, key: string | undefined): T | undefined {
  return key === undefined ? undefined : table[key.toLowerCase()]
}
