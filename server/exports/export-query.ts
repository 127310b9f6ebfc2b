import type { ExportFilter } from '../../db/store.ts'

export const FORMAT_NAMES = [
  'dpo',
  'kto',
  'reward',
  'openai',
  'llamafactory',
  'axolotl',
  'ultrafeedback',
  'rank',
  'sft',
  'votes',
  'battles',
] as const
export type FormatName = (typeof FORMAT_NAMES)[number]

/** What becomes a row. The same query on the same place of the log gives the same rows. */
export interface ExportQuery {
  readonly format: FormatName
  readonly filter: ExportFilter
  readonly ties: 'drop' | 'both'
  readonly bothBad: 'drop' | 'both'
  readonly minVotes: number
  readonly minAgreement: number
  readonly turns: 'last' | 'each'
  readonly margin: 'none' | 'share' | 'strength'
  readonly splits: readonly SplitShare[]
  readonly seed: number
  readonly dedup: 'exact' | 'near' | 'none'
  readonly maskPii: boolean
  readonly implicitPrompt: boolean
  readonly text: boolean
}

export interface SplitShare {
  readonly name: string
  /** 0..1; all of them sum to 1. */
  readonly share: number
}

export const ALL_IN_ONE: readonly SplitShare[] = [{ name: 'train', share: 1 }]

export const EVERYTHING: ExportFilter = {
  arenas: [],
  categories: [],
  languages: [],
  models: [],
  excludedModels: [],
  since: null,
  until: null,
}

export function defaultQuery(format: FormatName): ExportQuery {
  return {
    format,
    filter: EVERYTHING,
    ties: 'drop',
    bothBad: 'drop',
    minVotes: 1,
    minAgreement: 0,
    turns: 'last',
    margin: 'none',
    splits: ALL_IN_ONE,
    seed: 0,
    dedup: 'exact',
    maskPii: true,
    implicitPrompt: false,
    text: false,
  }
}

const WITHOUT_TEXT: readonly FormatName[] = ['openai', 'ultrafeedback', 'rank', 'votes', 'battles']

/** These take the log as it is: nothing is chosen between outcomes, and nothing is dropped as repeated. */
export function isLogFormat(format: FormatName): boolean {
  return format === 'votes' || format === 'battles'
}

/** What two options cannot mean together, in words; nothing when the query is sound. */
export function findContradiction(query: ExportQuery): string | undefined {
  const { format, filter } = query
  if (query.text && WITHOUT_TEXT.includes(format)) return `--text: ${format} has no plain-text layout`
  if (filter.since !== null && filter.until !== null && filter.since >= filter.until) {
    return '--since must be before --until'
  }
  if (isLogFormat(format)) return query.implicitPrompt ? `--implicit-prompt: ${format} has no prompt column` : undefined
  if (format === 'sft' && query.bothBad === 'both') return '--both-bad both: sft takes good answers only'
  if (query.margin !== 'none' && format !== 'reward') return `--margin: only reward has a margin column, not ${format}`
  if (query.implicitPrompt && format !== 'dpo' && format !== 'reward') {
    return `--implicit-prompt: only dpo and reward have it, not ${format}`
  }
  return undefined
}
