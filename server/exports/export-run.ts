import type { LogEnd, VoteOnBattle } from '../../db/store.ts'
import { findConversation, type ConversationText } from './conversation-text.ts'
import type { ExportQuery } from './export-query.ts'
import { ExportTally } from './export-tally.ts'
import { toBattleRow } from './formats/battles.ts'
import { UNIT_FORMATS } from './formats/formats.ts'
import { RankLists } from './formats/rank-lists.ts'
import type { ShapedRow, UnitFormat } from './formats/unit-format.ts'
import { toVoteRow } from './formats/votes.ts'
import { maskConversation } from './judge-unit.ts'
import { judgeBattles, keepUnits, noteKept, readBattles, readPages, type Batch, type Reading } from './kept-units.ts'
import { LateRows, type RoutedRow } from './late-rows.ts'
import type { MaskedCounts } from './masking/mask.ts'
import { openingPrompt } from './messages.ts'
import { PromptSplits } from './prompt-splits.ts'
import { toUnits } from './unit.ts'

const ROWS_AT_ONCE = 100

/**
 * The rows of one export, the same under the command line and HTTP. Reads the source page by page, and twice when
 * prompts are dealt to splits, for a group of prompts is known only after its last one.
 */
export class ExportRun {
  readonly query: ExportQuery
  readonly tally: ExportTally
  readonly #reading: Reading

  constructor(query: ExportQuery, reading: Reading) {
    this.query = query
    this.tally = new ExportTally(query)
    this.#reading = reading
  }

  /** Where the log ended when the export began. */
  get logEnd(): LogEnd {
    return this.#reading.logEnd
  }

  batches(): AsyncGenerator<Batch<RoutedRow>> {
    switch (this.query.format) {
      case 'votes':
        return this.#votes()
      case 'battles':
        return this.#battles()
      case 'rank':
        return this.#lists()
      default:
        return this.#unitRows(UNIT_FORMATS[this.query.format])
    }
  }

  async *#unitRows(format: UnitFormat): AsyncGenerator<Batch<RoutedRow>> {
    const dealer = await this.#openDealer((tally) => keepUnits(this.#reading, this.query, format, tally))
    const late = new Map(this.query.splits.map(({ name }) => [name, new LateRows()]))
    try {
      for await (const { items, passed } of keepUnits(this.#reading, this.query, format, this.tally)) {
        const rows = items.flatMap(({ conversation, groups }) => {
          const split = dealer.splitOf(openingPrompt(conversation))
          const shaped = groups.flatMap((group) => group.rows)
          return this.#route(split, late.get(split)?.takeUnit(shaped) ?? [])
        })
        yield { items: rows, passed }
      }
      for (const [split, rest] of late) yield { items: this.#route(split, rest.takeRest()), passed: 0 }
    } finally {
      dealer.close()
    }
  }

  /** One row a list; its units are scattered over the log, so nothing is written before all of it is read. */
  async *#lists(): AsyncGenerator<Batch<RoutedRow>> {
    const dealer = await this.#openDealer((tally) => this.#listUnits(tally))
    const lists = new RankLists()
    try {
      for await (const { items, passed } of this.#listUnits(this.tally)) {
        for (const judged of items) lists.take(judged)
        yield { items: [], passed }
      }
      let items: RoutedRow[] = []
      for (const { row, models, prompt } of lists.lists()) {
        items.push(...this.#route(dealer.splitOf(prompt), [{ row, models, isLate: false }]))
        if (items.length < ROWS_AT_ONCE) continue
        yield { items, passed: 0 }
        items = []
      }
      yield { items, passed: 0 }
    } finally {
      dealer.close()
      lists.close()
    }
  }

  async *#listUnits(tally: ExportTally) {
    const demands = { needsSharedHistory: false, needsOutcome: false, fits: isSingleTurn }
    for await (const page of readBattles(this.#reading, this.query.filter)) {
      const judged = judgeBattles(page.items, this.query, demands, tally)
      for (const { judged: unit, masked } of judged) noteKept(tally, unit, masked)
      yield { items: judged.map(({ judged: unit }) => unit), passed: page.passed }
    }
  }

  async *#votes(): AsyncGenerator<Batch<RoutedRow>> {
    const { filter } = this.query
    const dealer = await this.#openDealer(() => this.#conversations())
    try {
      for await (const { items, passed } of readPages(this.#reading, (place) =>
        this.#reading.source.readVotes({ filter, ...place }),
      )) {
        yield { items: items.flatMap((item) => this.#toVote(item, dealer)), passed }
      }
    } finally {
      dealer.close()
    }
  }

  #toVote(item: VoteOnBattle, dealer: Dealer): RoutedRow[] {
    const masked: MaskedCounts = {}
    const conversation = this.#masked(findConversation(item.battle, item.vote.turn), masked)
    this.tally.keep(item.battle, masked)
    this.tally.noteVotes([item.vote])
    if (conversation) this.tally.noteLengths(conversation)
    const split = dealer.splitOf(conversation ? openingPrompt(conversation) : '')
    return this.#route(split, [
      { row: toVoteRow(item, conversation), models: sidesOf(item.battle.models), isLate: false },
    ])
  }

  async *#battles(): AsyncGenerator<Batch<RoutedRow>> {
    const dealer = await this.#openDealer(() => this.#conversations())
    try {
      for await (const page of readBattles(this.#reading, this.query.filter)) {
        const rows = page.items.flatMap((battle) => {
          const [unit] = toUnits(battle, 'last')
          if (!unit) return []
          const masked: MaskedCounts = {}
          const conversation = this.#masked(findConversation(battle, unit.turn), masked)
          if (!conversation) {
            this.tally.drop(battle.isErased ? 'erased' : 'unanswered')
            return []
          }
          noteKept(this.tally, { unit, conversation }, masked)
          const row = { row: toBattleRow(unit, conversation), models: sidesOf(battle.models), isLate: false }
          return this.#route(dealer.splitOf(openingPrompt(conversation)), [row])
        })
        yield { items: rows, passed: page.passed }
      }
    } finally {
      dealer.close()
    }
  }

  /** The conversations of the log's own formats, for dealing them to splits. */
  async *#conversations(): AsyncGenerator<Batch<{ conversation: ConversationText }>> {
    for await (const page of readBattles(this.#reading, this.query.filter)) {
      const items = page.items.flatMap((battle) => {
        const conversation = this.#masked(findConversation(battle, battle.turns.length), {})
        return conversation ? [{ conversation }] : []
      })
      yield { items, passed: page.passed }
    }
  }

  #masked(conversation: ConversationText | undefined, counts: MaskedCounts): ConversationText | undefined {
    return conversation && this.query.maskPii ? maskConversation(conversation, counts) : conversation
  }

  async #openDealer(
    read: (tally: ExportTally) => AsyncGenerator<Batch<{ conversation: ConversationText }>>,
  ): Promise<Dealer> {
    const [only, ...others] = this.query.splits
    if (only && others.length === 0) return { splitOf: () => only.name, close: () => undefined }
    const splits = new PromptSplits(this.query)
    try {
      for await (const { items } of read(new ExportTally(this.query))) {
        for (const { conversation } of items) splits.take(openingPrompt(conversation))
      }
      return splits
    } catch (error) {
      splits.close()
      throw error
    }
  }

  #route(split: string, rows: readonly ShapedRow[]): RoutedRow[] {
    return rows.map(({ row, models }) => {
      this.tally.addRow(split, models)
      return { split, row }
    })
  }
}

type Dealer = Pick<PromptSplits, 'splitOf' | 'close'>

function isSingleTurn({ turns }: ConversationText): boolean {
  return turns.length === 1
}

function sidesOf({ a, b }: { readonly a: string; readonly b: string }): string[] {
  return [a, b]
}
