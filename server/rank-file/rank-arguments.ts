import { parseArgs } from 'node:util'
import { RankingRefusal, type IntervalKind, type Method } from '../../ranking/rank-options.ts'
import { UsageError } from './bad-line.ts'
import { shown } from './printable-text.ts'

/** What `ringside rank` was asked for. */
export interface RankArguments {
  readonly file: string
  readonly format: 'auto' | 'arena' | 'pairs'
  readonly method: Method
  readonly interval: IntervalKind
  /** `auto`, `none` or a column. */
  readonly cluster: string
  readonly weights: 'none' | 'ipw'
  readonly style: boolean
  readonly side: boolean
  /** Names, of which a row must have one; empty for all rows. `each`: one board per name. */
  readonly categories: readonly string[] | 'each'
  readonly anchor: { readonly model: string; readonly rating: number } | undefined
  readonly seed: number
  readonly json: boolean
}

export const USAGE = `Usage: ringside rank FILE [options]

  --format auto|arena|pairs                       one row a vote, or counts by pair of models; auto: by the columns
  --method bt|davidson|rao-kupper|elo|win-rate    bt
  --ci sandwich|model|bootstrap|none              sandwich; none for elo
  --cluster auto|none|COLUMN                      votes of one value hang together; auto: voter, judge or user
  --weights none|ipw                              ipw: every pair of models counts alike
  --style                                         take out length, headers, lists and bold
  --side                                          take out the advantage of side a
  --category NAME|each                            only these rows (repeatable); each: one board per category
  --anchor MODEL=1000                             the scale that gives this model this rating
  --seed N                                        for the bootstrap; 1
  --json                                          an array of rows instead of a table

FILE is CSV, JSONL, JSON or Parquet, plain or gzipped. Columns are listed in docs/ranking.md.
`

const FORMATS = ['auto', 'arena', 'pairs'] as const
const METHODS = ['bt', 'davidson', 'rao-kupper', 'elo', 'win-rate'] as const
const INTERVALS = ['sandwich', 'model', 'bootstrap', 'none'] as const
const WEIGHTS = ['none', 'ipw'] as const

/** Undefined when only help is asked for. Throws {@link UsageError}. */
export function parseRankArguments(argv: readonly string[]): RankArguments | undefined {
  const { values, positionals } = parsed(argv)
  if (values.help) return undefined
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) throw new UsageError(`expected one FILE, got ${positionals.length}`)
  const method = oneOf('--method', values.method, METHODS)
  const result: RankArguments = {
    file,
    format: oneOf('--format', values.format, FORMATS),
    method,
    interval: oneOf('--ci', values.ci ?? (method === 'elo' ? 'none' : 'sandwich'), INTERVALS),
    cluster: values.cluster,
    weights: oneOf('--weights', values.weights, WEIGHTS),
    style: values.style,
    side: values.side,
    categories: values.category.includes('each') ? 'each' : values.category,
    anchor: values.anchor === undefined ? undefined : anchorOf(values.anchor),
    seed: wholeNumber('--seed', values.seed),
    json: values.json,
  }
  refuseNonsense(result, values.category)
  return result
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        format: { type: 'string', default: 'auto' },
        method: { type: 'string', default: 'bt' },
        ci: { type: 'string' },
        cluster: { type: 'string', default: 'auto' },
        weights: { type: 'string', default: 'none' },
        style: { type: 'boolean', default: false },
        side: { type: 'boolean', default: false },
        category: { type: 'string', multiple: true, default: [] },
        anchor: { type: 'string' },
        seed: { type: 'string', default: '1' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

function oneOf<T extends string>(flag: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value)
  if (found === undefined) throw new UsageError(`${flag}: expected ${allowed.join(', ')}, got ${shown(value)}`)
  return found
}

/** The last `=` parts the two: names of models may hold one. */
function anchorOf(text: string): { model: string; rating: number } {
  const at = text.lastIndexOf('=')
  const rating = Number(text.slice(at + 1))
  if (at < 1 || text.length === at + 1 || !Number.isFinite(rating)) {
    throw new UsageError(`--anchor: expected MODEL=RATING, got ${shown(text)}`)
  }
  return { model: text.slice(0, at), rating }
}

function wholeNumber(flag: string, text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isSafeInteger(value)) return value
  throw new UsageError(`${flag}: expected a whole number, got ${shown(text)}`)
}

function refuseNonsense(
  { method, interval, weights, style, categories }: RankArguments,
  named: readonly string[],
): void {
  if (categories === 'each' && named.length > 1) throw new UsageError('--category each: expected no other --category')
  if (method === 'elo' && (interval === 'sandwich' || interval === 'model')) {
    throw new UsageError(`--method elo: expected --ci bootstrap or none, got ${interval}`)
  }
  if (method === 'elo' && weights === 'ipw') throw new UsageError('--method elo: expected --weights none, got ipw')
  if (method === 'win-rate' && interval === 'model') {
    throw new UsageError('--method win-rate: expected --ci sandwich, bootstrap or none, got model')
  }
  if (!style) return
  if (method !== 'bt') throw new UsageError(`--style: expected --method bt, got ${method}`)
  if (interval === 'bootstrap') throw new UsageError('--style: expected --ci sandwich, model or none, got bootstrap')
  if (weights === 'ipw') throw new UsageError('--style: expected --weights none, got ipw')
}

/** A refusal of the ranking itself is one of usage. */
export function isUsage(error: unknown): error is Error {
  return error instanceof UsageError || error instanceof RankingRefusal
}
