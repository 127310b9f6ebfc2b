import type { BattleId, ModelId, VoteId, VoterId } from '../../contract/ids.ts'
import type { NewVote, NewWithdrawal, VoteResult, WithdrawalResult } from '../store.ts'
import { decideVote, decideWithdrawal, type Decision, type JudgedBattle, type LogEntry } from '../vote-decisions.ts'
import type { Connection } from './connection.ts'

/** An array, because an object with named fields costs as much again as finding the battle. */
type BattleRow = [
  arena: string,
  voterId: VoterId,
  modelA: ModelId,
  modelB: ModelId,
  status: JudgedBattle['status'],
  turn: number,
  generation: number,
  identityLeaked: 0 | 1,
  language: string,
  categories: string,
]

const ENTRY = `id, kind, coalesce(battle_id, id) AS battleId, voter_id AS voterId, revision, arena, model_a AS modelA,
  model_b AS modelB, turn, generation, outcome, mark, supersedes, language, categories, at`

/** The last entry that a group has written: known to everybody only after its commit. */
export interface LogHead {
  readonly position: number
  readonly id: VoteId
}

/**
 * The hot path: appends to the log with prepared statements, inside the transaction of the group that calls it. Each
 * call writes with one statement, so that it stands or falls alone.
 */
export class VoteStatements {
  readonly #statements: ReturnType<typeof prepareStatements>
  #head: LogHead | null = null

  constructor(connection: Connection) {
    this.#statements = prepareStatements(connection)
  }

  /** The last entry that the group under way has written, and forgets it: the group is over. */
  takeHead(): LogHead | null {
    const head = this.#head
    this.#head = null
    return head
  }

  /** The group under way has written further than this, with other statements. */
  noteHead(head: LogHead | null): void {
    if (head) this.#head = head
  }

  appendVote(vote: NewVote): VoteResult {
    const { battleById, entryById, lastEntry } = this.#statements
    const battle = toJudgedBattle(battleById.get(vote.battleId))
    // Nearly every vote is new and the first of its battle: the unique indexes confirm it at the price of the insert.
    const guess = decideVote(vote, { battle, sameId: undefined, last: undefined })
    if (guess.append && this.#insertUnlessKnown(guess.append)) return guess.answer
    const facts = { battle, sameId: entryById.get(vote.id), last: lastEntry.get(vote.battleId, vote.voterId) }
    return this.#carryOut(decideVote(vote, facts))
  }

  appendWithdrawal(withdrawal: NewWithdrawal): WithdrawalResult {
    const { entryById, lastEntryOfVoter } = this.#statements
    const facts = {
      sameId: entryById.get(withdrawal.id),
      target: entryById.get(withdrawal.supersedes),
      lastOfVoter: lastEntryOfVoter.get(withdrawal.voterId),
    }
    return this.#carryOut(decideWithdrawal(withdrawal, facts))
  }

  #carryOut<Result>({ append, answer }: Decision<Result>): Result {
    if (append && !this.#insertUnlessKnown(append)) throw new Error(`entry ${append.id} met another one of its kind`)
    return answer
  }

  #insertUnlessKnown(entry: LogEntry): boolean {
    const { changes, lastInsertRowid } = this.#statements.insert.run(
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
    )
    if (changes === 0) return false
    this.#head = { position: Number(lastInsertRowid), id: entry.id }
    return true
  }
}

function toJudgedBattle(row: BattleRow | undefined): JudgedBattle | undefined {
  if (!row) return undefined
  const [arena, voterId, modelA, modelB, status, turn, generation, identityLeaked, language, categories] = row
  return {
    arena,
    voterId,
    modelA,
    modelB,
    status,
    turn,
    generation,
    identityLeaked: identityLeaked === 1,
    language,
    categories,
  }
}

function prepareStatements(connection: Connection) {
  return {
    battleById: connection
      .prepare<[BattleId], BattleRow>(
        `SELECT arena, voter_id, model_a, model_b, status, turn, generation, identity_leaked, language, categories
         FROM battles WHERE id = ?`,
      )
      .raw(),
    entryById: connection.prepare<[VoteId], LogEntry>(`SELECT ${ENTRY} FROM vote_log WHERE id = ?`),
    lastEntry: connection.prepare<[BattleId, VoterId], LogEntry>(
      `SELECT ${ENTRY} FROM vote_log WHERE battle_id = ? AND voter_id = ? ORDER BY revision DESC LIMIT 1`,
    ),
    lastEntryOfVoter: connection.prepare<[VoterId], LogEntry>(
      `SELECT ${ENTRY} FROM vote_log WHERE voter_id = ? AND source IS NULL ORDER BY position DESC LIMIT 1`,
    ),
    /** The position is left out: the engine takes the next one after the last, which keeps the log dense. */
    insert: connection.prepare<unknown[]>(
      `INSERT INTO vote_log (id, kind, battle_id, voter_id, revision, arena, model_a, model_b, turn, generation,
         outcome, mark, supersedes, language, categories, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    ),
  }
}
