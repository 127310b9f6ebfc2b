import type { ExportedBattle, ExportedVote } from '../../db/store.ts'
import type { ConversationText } from './conversation-text.ts'
import type { ExportQuery } from './export-query.ts'
import { LengthHistogram } from './length-histogram.ts'
import { addCounts, MASKED_KINDS, type MaskedCounts } from './masking/mask.ts'
import { DROP_REASONS, type DropReason } from './reasons.ts'

/** What `--json` prints: the fields and their order are fixed. */
export interface ExportSummary {
  readonly format: string
  readonly units: number
  readonly kept: number
  readonly dropped: number
  readonly rows: number
  readonly by_reason: Readonly<Record<string, number>>
  readonly splits: Readonly<Record<string, number>>
  readonly masked: Readonly<Record<string, number>>
  readonly files: Readonly<Record<string, string>>
  readonly dry_run: boolean
}

/** Counts what an export did, for its summary and its card. */
export class ExportTally {
  readonly #query: ExportQuery
  readonly #reasons = new Map<DropReason, number>()
  readonly #splits: Map<string, number>
  readonly #masked: MaskedCounts = {}
  readonly #judges = new Set<string>()
  #kept = 0
  readonly arenas = new Set<string>()
  readonly sources = new Set<string>()
  readonly languages = new Map<string, number>()
  readonly categories = new Map<string, number>()
  /** Rows that hold an answer of the model. */
  readonly models = new Map<string, number>()
  readonly lengths = { prompt: new LengthHistogram(), answer: new LengthHistogram() }
  readonly agreement = { sum: 0, judgedOften: 0, unanimous: 0 }
  votes = 0
  firstVoteAt = Number.POSITIVE_INFINITY
  lastVoteAt = Number.NEGATIVE_INFINITY

  constructor(query: ExportQuery) {
    this.#query = query
    this.#splits = new Map(query.splits.map(({ name }) => [name, 0]))
  }

  get kept(): number {
    return this.#kept
  }

  get judges(): number {
    return this.#judges.size
  }

  get rows(): number {
    return [...this.#splits.values()].reduce((sum, rows) => sum + rows, 0)
  }

  get dropped(): number {
    return [...this.#reasons.values()].reduce((sum, units) => sum + units, 0)
  }

  drop(reason: DropReason): void {
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1)
  }

  keep(battle: ExportedBattle, masked: MaskedCounts): void {
    this.#kept += 1
    addCounts(this.#masked, masked)
    this.arenas.add(battle.arena)
    if (battle.source !== '') this.sources.add(battle.source)
    increment(this.languages, battle.language)
    for (const category of battle.categories) increment(this.categories, category)
  }

  noteVotes(votes: readonly ExportedVote[]): void {
    this.votes += votes.length
    for (const { judge, at } of votes) {
      if (judge !== null) this.#judges.add(judge)
      this.firstVoteAt = Math.min(this.firstVoteAt, at)
      this.lastVoteAt = Math.max(this.lastVoteAt, at)
    }
  }

  noteAgreement(agreement: number, votes: number): void {
    this.agreement.sum += agreement
    if (votes > 1) this.agreement.judgedOften += 1
    if (votes > 1 && agreement === 1) this.agreement.unanimous += 1
  }

  noteLengths({ system, turns }: ConversationText): void {
    const before = turns.slice(0, -1).reduce((sum, turn) => sum + turn.prompt.length + turn.answers.a.length, 0)
    const last = turns.at(-1)
    if (last === undefined) return
    this.lengths.prompt.add(system.length + before + last.prompt.length)
    this.lengths.answer.add(last.answers.a.length)
    this.lengths.answer.add(last.answers.b.length)
  }

  addRow(split: string, models: readonly string[]): void {
    increment(this.#splits, split)
    for (const model of new Set(models)) increment(this.models, model)
  }

  summarise({
    files = {},
    dryRun = false,
  }: { files?: Readonly<Record<string, string>>; dryRun?: boolean } = {}): ExportSummary {
    const { dropped, rows } = this
    return {
      format: this.#query.format,
      units: this.#kept + dropped,
      kept: this.#kept,
      dropped,
      rows,
      by_reason: inOrder(DROP_REASONS, (reason) => this.#reasons.get(reason)),
      splits: Object.fromEntries(this.#splits),
      masked: inOrder(MASKED_KINDS, (kind) => this.#masked[kind]),
      files,
      dry_run: dryRun,
    }
  }
}

function increment<T>(counts: Map<T, number>, key: T): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function inOrder<T extends string>(
  keys: readonly T[],
  countOf: (key: T) => number | undefined,
): Record<string, number> {
  return Object.fromEntries(keys.flatMap((key) => (countOf(key) ? [[key, countOf(key) ?? 0]] : [])))
}
