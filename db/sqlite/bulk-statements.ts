import type { BattleRow, BulkWriter } from '../engine.ts'
import type { ImportedVote } from '../import-sink.ts'
import { markOf, type ImportedEntry } from '../imported-entries.ts'
import type { Connection } from './connection.ts'
import type { Database } from './kit.ts'
import type { LogHead } from './vote-statements.ts'

/** Writes battles and votes by the ten thousand, inside the transaction of the group that calls it. */
export class BulkStatements implements BulkWriter {
  readonly db: Database
  readonly #statements: ReturnType<typeof prepareStatements>
  readonly #categoryTexts = new CategoryTexts()
  #head: LogHead | null = null

  constructor(connection: Connection, db: Database) {
    this.db = db
    this.#statements = prepareStatements(connection)
  }

  /** The last entry that was appended since it was asked for last. */
  takeHead(): LogHead | null {
    const head = this.#head
    this.#head = null
    return head
  }

  async insertBattles(battles: readonly BattleRow[]): Promise<ReadonlySet<string>> {
    const created = new Set<string>()
    for (const battle of battles) {
      const { changes } = this.#statements.battle.run(
        battle.id,
        battle.arena,
        battle.kind,
        battle.voterId,
        battle.modelA,
        battle.modelB,
        battle.status,
        battle.language,
        battle.categories,
        battle.identityLeaked ? 1 : 0,
        battle.turn,
        battle.generation,
        battle.nodeId,
        battle.promptId,
        battle.answerA,
        battle.answerB,
        battle.createdAt,
        battle.source,
        battle.system,
        battle.gold,
      )
      if (changes > 0) created.add(battle.id)
    }
    return created
  }

  async appendEntries(entries: readonly ImportedEntry[]): Promise<void> {
    for (const entry of entries) {
      const { lastInsertRowid } = this.#statements.entry.run(
        entry.id,
        entry.kind,
        entry.battleId,
        entry.voterId,
        entry.revision,
        entry.arena,
        entry.modelA,
        entry.modelB,
        entry.turn,
        entry.generation,
        entry.outcome,
        entry.mark,
        entry.supersedes,
        entry.language,
        entry.categories,
        entry.at,
        entry.source,
        entry.judge,
        entry.excluded,
        entry.leaked ? 1 : 0,
        entry.replaces,
        entry.strength,
        entry.weight,
        entry.style,
      )
      this.#head = { position: Number(lastInsertRowid), id: entry.id }
    }
  }

  async appendBare(votes: readonly ImportedVote[]): Promise<void> {
    for (const vote of votes) {
      const { lastInsertRowid } = this.#statements.bareEntry.run(
        vote.id,
        vote.voterId,
        vote.arena,
        vote.models.a,
        vote.models.b,
        vote.turn,
        vote.outcome,
        markOf(vote),
        vote.language,
        this.#categoryTexts.get(vote.categories),
        vote.at,
        vote.source,
        vote.judge,
        vote.excluded,
        vote.isLeaked ? 1 : 0,
        vote.strength,
        vote.weight,
        vote.style === null ? null : JSON.stringify(vote.style),
      )
      this.#head = { position: Number(lastInsertRowid), id: vote.id }
    }
  }
}

/** Labels are shared by many votes, as lists; each list is written out once. */
class CategoryTexts {
  readonly #texts = new WeakMap<readonly string[], string>()

  get(categories: readonly string[]): string {
    const known = this.#texts.get(categories)
    if (known !== undefined) return known
    const text = JSON.stringify(categories)
    this.#texts.set(categories, text)
    return text
  }
}

function prepareStatements(connection: Connection) {
  return {
    battle: connection.prepare<unknown[]>(
      `INSERT INTO battles (id, arena, kind, voter_id, model_a, model_b, status, language, categories, identity_leaked,
         turn, generation, node_id, prompt_id, answer_a, answer_b, created_at, source, system, gold)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    ),
    bareEntry: connection.prepare<unknown[]>(
      `INSERT INTO vote_log (id, kind, voter_id, revision, arena, model_a, model_b, turn, generation,
         outcome, mark, language, categories, at, source, judge, excluded, leaked, strength, weight, style)
       VALUES (?, 'vote', ?, 1, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    /** The position is left out: the engine takes the next one after the last, which keeps the log dense. */
    entry: connection.prepare<unknown[]>(
      `INSERT INTO vote_log (id, kind, battle_id, voter_id, revision, arena, model_a, model_b, turn, generation,
         outcome, mark, supersedes, language, categories, at, source, judge, excluded, leaked, replaces, strength, weight, style)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
  }
}
