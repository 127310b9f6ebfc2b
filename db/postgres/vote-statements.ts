import type pg from 'pg'
import type { BattleId, VoteId } from '../../contract/ids.ts'
import type { NewVote, NewWithdrawal, VoteResult, WithdrawalResult } from '../store.ts'
import { decideVote, decideWithdrawal, type Decision, type JudgedBattle, type LogEntry } from '../vote-decisions.ts'
import type { Attempts } from './connections.ts'

/** Rings at commit. It says that there is something, not what: notifications can be lost. */
export const VOTE_LOG_CHANNEL = 'ringside_vote_log'

const ENTRY = `id, kind, coalesce(battle_id, id) AS "battleId", voter_id AS "voterId", revision, arena, model_a AS "modelA",
  model_b AS "modelB", turn, generation, outcome, mark, supersedes, language, categories, at::float8 AS at`

const BATTLES = {
  name: 'battles-to-judge',
  // The share lock makes a further turn wait, so that no vote can be on answers that are being replaced.
  text: `SELECT id, arena, voter_id AS "voterId", model_a AS "modelA", model_b AS "modelB", status, turn, generation,
      identity_leaked AS "identityLeaked", language, categories::text AS categories
    FROM battles WHERE id = ANY($1) ORDER BY id FOR SHARE`,
}
const BY_ID = { name: 'entries-by-id', text: `SELECT ${ENTRY} FROM vote_log WHERE id = ANY($1)` }
const LAST_OF_BATTLES = {
  name: 'last-entries',
  text: `SELECT DISTINCT ON (battle_id, voter_id) ${ENTRY} FROM vote_log WHERE battle_id = ANY($1)
    ORDER BY battle_id, voter_id, revision DESC`,
}
const LAST_OF_VOTER = {
  name: 'last-entry-of-voter',
  text: `SELECT ${ENTRY} FROM vote_log WHERE voter_id = $1 AND source IS NULL ORDER BY position DESC LIMIT 1`,
}
const APPEND = {
  name: 'append-entries',
  text: `WITH appended AS (
      INSERT INTO vote_log (id, kind, battle_id, voter_id, revision, arena, model_a, model_b, turn, generation, outcome,
        mark, supersedes, language, categories, at)
      SELECT * FROM json_to_recordset($1) AS entry(id text, kind text, "battleId" text, "voterId" text, revision int,
        arena text, "modelA" text, "modelB" text, turn int, generation int, outcome text, mark text, supersedes text,
        language text, categories text, at int8)
      ON CONFLICT DO NOTHING RETURNING id)
    SELECT array_agg(id) AS ids, (SELECT pg_notify('${VOTE_LOG_CHANNEL}', '')) FROM appended`,
}

/**
 * Appends a group of votes inside the caller's transaction; one result per vote, in order. Nearly every vote is new and
 * the first of its battle, so all are inserted at once and the unique indexes confirm it; only what they turn down is
 * looked at again.
 */
export async function appendVotes(
  client: pg.ClientBase,
  votes: readonly NewVote[],
  attempts: Attempts,
): Promise<VoteResult[]> {
  const battles = await findBattles(client, votes)
  const guesses = votes.map((vote) =>
    decideVote(vote, { battle: battles.get(vote.battleId), sameId: undefined, last: undefined }),
  )
  const inserted = await insertEntries(client, pickDistinct(guesses))
  const remaining = votes.filter((_, at) => !isCarriedOut(guesses[at], inserted))
  const answers = await answerOneByOne(client, { votes: remaining, battles, attempts })
  return votes.map((vote, at) => {
    const guess = guesses[at]
    const answer = guess && isCarriedOut(guess, inserted) ? guess.answer : answers.get(vote)
    if (!answer) throw new Error(`vote ${vote.id} was not answered`)
    return answer
  })
}

async function findBattles(client: pg.ClientBase, votes: readonly NewVote[]) {
  const ids = [...new Set(votes.map(({ battleId }) => battleId))]
  const { rows } = await client.query<JudgedBattle & { id: BattleId }>({ ...BATTLES, values: [ids] })
  return new Map(rows.map((battle) => [battle.id, battle]))
}

/** The first entry of every id and of every voter on a battle: what is left would stand in its way. */
function pickDistinct(decisions: readonly Decision<VoteResult>[]): LogEntry[] {
  const ids = new Map<string, LogEntry>()
  const places = new Set<string>()
  for (const { append } of decisions) {
    if (!append || ids.has(append.id) || places.has(placeOf(append))) continue
    ids.set(append.id, append)
    places.add(placeOf(append))
  }
  return [...ids.values()]
}

/** Returns the entries that were new; the same objects, since two votes can bear the same id. */
async function insertEntries(client: pg.ClientBase, entries: readonly LogEntry[]): Promise<Set<LogEntry>> {
  if (entries.length === 0) return new Set()
  const { rows } = await client.query<{ ids: VoteId[] | null }>({ ...APPEND, values: [JSON.stringify(entries)] })
  const ids = new Set(rows[0]?.ids)
  return new Set(entries.filter(({ id }) => ids.has(id)))
}

function isCarriedOut(decision: Decision<VoteResult> | undefined, inserted: ReadonlySet<LogEntry>): boolean {
  return decision?.append !== null && decision?.append !== undefined && inserted.has(decision.append)
}

interface Remaining {
  readonly votes: readonly NewVote[]
  readonly battles: ReadonlyMap<BattleId, JudgedBattle>
  readonly attempts: Attempts
}

/** Decides on the votes that were no simple first ones, each knowing what the ones before it have done. */
async function answerOneByOne(client: pg.ClientBase, { votes, battles, attempts }: Remaining) {
  const answers = new Map<NewVote, VoteResult>()
  if (votes.length === 0) return answers
  const byId = await findByIds(
    client,
    votes.map(({ id }) => id),
  )
  const last = await findLast(client, votes)
  const appends: LogEntry[] = []
  for (const vote of votes) {
    const facts = { battle: battles.get(vote.battleId), sameId: byId.get(vote.id), last: last.get(placeOf(vote)) }
    const { append, answer } = decideVote(vote, facts)
    answers.set(vote, attempts.isUnknown ? asFirstAnswer(answer) : answer)
    if (!append) continue
    appends.push(append)
    byId.set(append.id, append)
    last.set(placeOf(append), append)
  }
  const inserted = await insertEntries(client, appends)
  if (inserted.size < appends.length) throw new LostRace()
  return answers
}

/** After a commit whose answer was lost, "repeated" is our own vote: it was stored by the attempt before. */
function asFirstAnswer(answer: VoteResult): VoteResult {
  return answer.kind === 'repeated' ? { ...answer, kind: 'recorded' } : answer
}

async function findByIds(client: pg.ClientBase, ids: readonly VoteId[]): Promise<Map<VoteId, LogEntry>> {
  const { rows } = await client.query<LogEntry>({ ...BY_ID, values: [ids] })
  return new Map(rows.map((entry) => [entry.id, entry]))
}

async function findLast(client: pg.ClientBase, votes: readonly NewVote[]): Promise<Map<string, LogEntry>> {
  const battleIds = [...new Set(votes.map(({ battleId }) => battleId))]
  const { rows } = await client.query<LogEntry>({ ...LAST_OF_BATTLES, values: [battleIds] })
  return new Map(rows.map((entry) => [placeOf(entry), entry]))
}

function placeOf({ battleId, voterId }: { battleId: BattleId; voterId: string }): string {
  return `${battleId} ${voterId}`
}

/** Appends one withdrawal inside the caller's transaction. */
export async function appendWithdrawal(
  client: pg.ClientBase,
  withdrawal: NewWithdrawal,
  attempts: Attempts,
): Promise<WithdrawalResult> {
  const known = await findByIds(client, [withdrawal.id, withdrawal.supersedes])
  const { rows } = await client.query<LogEntry>({ ...LAST_OF_VOTER, values: [withdrawal.voterId] })
  const { append, answer } = decideWithdrawal(withdrawal, {
    sameId: known.get(withdrawal.id),
    target: known.get(withdrawal.supersedes),
    lastOfVoter: rows[0],
  })
  if (append && (await insertEntries(client, [append])).size === 0) throw new LostRace()
  if (attempts.isUnknown && answer.kind === 'repeated') return { ...answer, kind: 'withdrawn' }
  return answer
}

/** Another node was faster; the whole transaction is tried again and then sees what that node did. */
class LostRace extends Error {
  override readonly name = 'LostRace'
  /** The code of a serialization failure, which is what this is. */
  readonly code = '40001'
}
