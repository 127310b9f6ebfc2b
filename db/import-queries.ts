import { and, asc, eq, gt, inArray, isNull } from 'drizzle-orm'
import { VoterId } from '../contract/ids.ts'
import type { BattleRow, BulkWriter } from './engine.ts'
import { insertImportedAnswers, insertImportedPrompts, insertTurns } from './imported-texts.ts'
import { planImportedEntries, type ImportedEntry } from './imported-entries.ts'
import type {
  ImportBatch,
  ImportBatchResult,
  ImportedBattle,
  ImportedVote,
  ImportIds,
  ImportRun,
  KnownIds,
} from './import-sink.ts'
import type { Schema } from './schema.ts'
import type { Database } from './sqlite/kit.ts'
import { inChunks } from './stored-text.ts'

const ROWS_PER_STATEMENT = 500

/** Nobody was asked to judge the battles that imports bring; this is who stands in that place. */
const IMPORT_VOTER = VoterId.parse('imported-battles')

export async function readImportRun(
  db: Database,
  { importRuns }: Schema,
  after: number,
): Promise<ImportRun | undefined> {
  const [run] = await db
    .select({ position: importRuns.position, arena: importRuns.arena, keys: importRuns.keys })
    .from(importRuns)
    .where(gt(importRuns.position, after))
    .orderBy(asc(importRuns.position))
    .limit(1)
  return run
}

export async function findImported(db: Database, schema: Schema, ids: ImportIds): Promise<KnownIds> {
  const { prompts, preparedAnswers, battles, voteLog } = schema
  return {
    models: new Set(),
    prompts: await findIds(ids.prompts, (chunk) =>
      db.select({ id: prompts.id }).from(prompts).where(inArray(prompts.id, chunk)),
    ),
    answers: await findIds(ids.answers, (chunk) =>
      db.select({ id: preparedAnswers.id }).from(preparedAnswers).where(inArray(preparedAnswers.id, chunk)),
    ),
    battles: await findIds(ids.battles, (chunk) =>
      db.select({ id: battles.id }).from(battles).where(inArray(battles.id, chunk)),
    ),
    votes: await findIds(ids.votes, (chunk) =>
      db.select({ id: voteLog.id }).from(voteLog).where(inArray(voteLog.id, chunk)),
    ),
  }
}

async function findIds<T extends string>(
  ids: readonly T[],
  find: (chunk: T[]) => PromiseLike<{ id: T }[]>,
): Promise<Set<string>> {
  const found = new Set<string>()
  for (const chunk of inChunks(ids, ROWS_PER_STATEMENT)) for (const { id } of await find(chunk)) found.add(id)
  return found
}

export async function findSecret(db: Database, { secrets }: Schema, name: string): Promise<Uint8Array | undefined> {
  const [secret] = await db.select({ value: secrets.value }).from(secrets).where(eq(secrets.name, name))
  return secret?.value
}

export async function keepSecret(
  db: Database,
  schema: Schema,
  { name, proposed, at }: { name: string; proposed: Uint8Array; at: number },
): Promise<Uint8Array> {
  await db
    .insert(schema.secrets)
    .values({ name, value: Buffer.from(proposed), createdAt: at })
    .onConflictDoNothing()
  const kept = await findSecret(db, schema, name)
  if (!kept) throw new Error(`the secret ${name} was not kept`)
  return kept
}

/** Thrown to take a batch back; never leaves this file. */
class Outdated extends Error {}

type TransactBulk = <T>(work: (writer: BulkWriter) => Promise<T>) => Promise<T>

/** Stores a batch as one fact. */
export async function importBatch(
  transact: TransactBulk,
  schema: Schema,
  batch: ImportBatch,
): Promise<ImportBatchResult> {
  try {
    return await transact((writer) => storeBatch(writer, schema, batch))
  } catch (error) {
    if (error instanceof Outdated) return { kind: 'outdated' }
    throw error
  }
}

async function storeBatch(writer: BulkWriter, schema: Schema, batch: ImportBatch): Promise<ImportBatchResult> {
  const { db } = writer
  const { importRuns } = schema
  const position = batch.after + 1
  if ((await beginRun(db, schema, batch, position)) === 'told-again') {
    return { kind: 'imported', position, created: everythingOf(batch), turnedGold: new Set() }
  }
  const models = await addModels(db, schema, batch)
  const prompts = await insertImportedPrompts(db, schema, batch)
  const answers = await insertImportedAnswers(db, schema, batch)
  const battles = await insertBattles(writer, schema, batch)
  const turnedGold = await learnGold(db, schema, batch.battles, battles)
  const votes = await appendVotes(writer, schema, batch.votes)
  const created = { models, prompts, answers, battles, votes }
  const hasBare = batch.votes.some(({ history }) => history.kind === 'bare')
  const isNews = hasBare || [...Object.values(created), turnedGold].some(({ size }) => size > 0)
  if (isNews) return { kind: 'imported', position, created, turnedGold }
  await db.delete(importRuns).where(eq(importRuns.position, position))
  return { kind: 'imported', position: batch.after, created, turnedGold }
}

/** Takes the next place among the runs. Whoever wants the same place waits here until this batch is in or out. */
async function beginRun(
  db: Database,
  { importRuns }: Schema,
  { token, arena, source, keys, at }: ImportBatch,
  position: number,
): Promise<'begun' | 'told-again'> {
  const inserted = await db
    .insert(importRuns)
    .values({ position, token, arena, source, keys: Buffer.from(keys), at })
    .onConflictDoNothing()
    .returning({ position: importRuns.position })
  if (inserted.length > 0) {
    const [before] = await db
      .select({ position: importRuns.position })
      .from(importRuns)
      .where(gt(importRuns.position, position))
      .limit(1)
    if (before) throw new Outdated()
    return 'begun'
  }
  const [known] = await db.select({ token: importRuns.token }).from(importRuns).where(eq(importRuns.position, position))
  if (known?.token !== token) throw new Outdated()
  return 'told-again'
}

function everythingOf({ models, prompts, answers, battles, votes }: ImportBatch): KnownIds {
  const idsOf = (items: readonly { id: string }[]) => new Set(items.map(({ id }) => id))
  return {
    models: idsOf(models),
    prompts: idsOf(prompts),
    answers: idsOf(answers),
    battles: idsOf(battles),
    votes: idsOf(votes.filter(({ history }) => history.kind !== 'bare')),
  }
}

/** A model that somebody else has brought meanwhile has another id, and everything in the batch has the wrong one. */
async function addModels(db: Database, { models }: Schema, { models: added }: ImportBatch): Promise<Set<string>> {
  const created = new Set<string>()
  for (const { at, modalities, ...model } of added) {
    const inserted = await db
      .insert(models)
      .values({ ...model, modalities: [...modalities], createdAt: at, updatedAt: at })
      .onConflictDoNothing()
      .returning({ id: models.id })
    if (inserted.length === 0) throw new Outdated()
    created.add(model.id)
  }
  return created
}

async function insertBattles(writer: BulkWriter, schema: Schema, batch: ImportBatch): Promise<Set<string>> {
  const { battles, at } = batch
  if (battles.length === 0) return new Set()
  const { db } = writer
  await db
    .insert(schema.voters)
    .values({ id: IMPORT_VOTER, tokenHash: IMPORT_VOTER, createdAt: at })
    .onConflictDoNothing()
  const created = new Set(await writer.insertBattles(battles.map((battle) => toBattleRow(battle, at))))
  await insertTurns(db, schema, { battles: battles.filter(({ id }) => created.has(id)), at })
  return created
}

/** The first set that knows the right judgement of a battle is believed. */
async function learnGold(
  db: Database,
  { battles }: Schema,
  told: readonly ImportedBattle[],
  created: ReadonlySet<string>,
): Promise<Set<string>> {
  const learned = new Set<string>()
  for (const { id, gold } of told) {
    if (gold === null || created.has(id)) continue
    const changed = await db
      .update(battles)
      .set({ gold })
      .where(and(eq(battles.id, id), isNull(battles.gold)))
      .returning({ id: battles.id })
    if (changed.length > 0) learned.add(id)
  }
  return learned
}

function toBattleRow(battle: ImportedBattle, at: number): BattleRow {
  const { conversation } = battle
  const prepared = conversation?.kind === 'prepared' ? conversation : null
  return {
    id: battle.id,
    arena: battle.arena,
    kind: 'imported',
    voterId: IMPORT_VOTER,
    modelA: battle.models.a,
    modelB: battle.models.b,
    status: 'ready',
    language: battle.language,
    categories: JSON.stringify(battle.categories),
    identityLeaked: battle.identityLeaked,
    turn: conversation?.kind === 'turns' ? conversation.turns.length : 1,
    generation: 1,
    nodeId: '',
    promptId: prepared?.promptId ?? null,
    answerA: prepared?.answers.a ?? null,
    answerB: prepared?.answers.b ?? null,
    createdAt: at,
    source: battle.source,
    system: battle.system,
    gold: battle.gold,
  }
}

/** Returns the ids of votes that were not in the log before, bare ones left out. Order is kept: the log has it. */
async function appendVotes(writer: BulkWriter, schema: Schema, votes: readonly ImportedVote[]): Promise<Set<string>> {
  const created = new Set<string>()
  for (const { isBare, run } of splitRuns(votes)) {
    if (isBare) {
      await writer.appendBare(run)
      continue
    }
    const fresh = await withoutKnown(writer.db, schema, run)
    if (fresh.length === 0) continue
    await writer.appendEntries(planImportedEntries(fresh, await readEarlier(writer.db, schema, fresh)))
    for (const { id } of fresh) created.add(id)
  }
  return created
}

/** Cuts the votes where bare ones begin or end. Nearly every batch has only one kind. */
function splitRuns(votes: readonly ImportedVote[]): { isBare: boolean; run: readonly ImportedVote[] }[] {
  const isBare = (vote: ImportedVote | undefined) => vote?.history.kind === 'bare'
  const runs: { isBare: boolean; run: readonly ImportedVote[] }[] = []
  let start = 0
  for (let at = 1; at <= votes.length; at += 1) {
    if (at < votes.length && isBare(votes[at]) === isBare(votes[start])) continue
    runs.push({ isBare: isBare(votes[start]), run: votes.slice(start, at) })
    start = at
  }
  return runs
}

async function withoutKnown(
  db: Database,
  { voteLog }: Schema,
  votes: readonly ImportedVote[],
): Promise<readonly ImportedVote[]> {
  const named = votes.filter(({ hasOwnId }) => hasOwnId).map(({ id }) => id)
  if (named.length === 0) return votes
  const known = await findIds(named, (chunk) =>
    db.select({ id: voteLog.id }).from(voteLog).where(inArray(voteLog.id, chunk)),
  )
  return votes.filter(({ id }) => !known.has(id))
}

/** What the voters of these votes have said before on their battles. */
async function readEarlier(
  db: Database,
  { voteLog }: Schema,
  votes: readonly ImportedVote[],
): Promise<ImportedEntry[]> {
  const ids = [
    ...new Set(
      votes
        .filter(({ history }) => history.kind === 'latest' || history.kind === 'named')
        .map(({ battleId }) => battleId),
    ),
  ]
  const earlier: ImportedEntry[] = []
  for (const chunk of inChunks(ids, ROWS_PER_STATEMENT)) {
    const rows = await db
      .select()
      .from(voteLog)
      .where(inArray(voteLog.battleId, chunk))
      .orderBy(voteLog.battleId, voteLog.voterId, voteLog.revision)
    for (const { position: _position, battleId, ...entry } of rows) {
      if (battleId === null) continue
      earlier.push({
        ...entry,
        battleId,
        source: entry.source ?? '',
        leaked: entry.leaked ?? entry.mark === 'identity-leaked',
        weight: entry.weight ?? 1,
      })
    }
  }
  return earlier
}
