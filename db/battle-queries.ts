import { aliasedTable, and, desc, eq, isNotNull, sql } from 'drizzle-orm'
import type { AnswerId, BattleId, VoterId } from '../contract/ids.ts'
import type { Schema } from './schema.ts'
import type { Database } from './sqlite/kit.ts'
import type { AbandonedDraw, BattleRecord, NewBattle, SeenPair, StoredTurn } from './store.ts'
import { toStoredText } from './stored-text.ts'

/** The battle and its first turn; told twice, the second time changes nothing. */
export async function recordBattle(db: Database, schema: Schema, battle: NewBattle): Promise<void> {
  const { prepared } = battle
  const identityLeaked = prepared !== null && (await checkPreparedAnswers(db, schema, battle, prepared))
  const inserted = await db
    .insert(schema.battles)
    .values({
      id: battle.id,
      arena: battle.arena,
      kind: prepared ? 'prepared' : 'live',
      voterId: battle.voterId,
      modelA: battle.models.a,
      modelB: battle.models.b,
      status: prepared ? 'ready' : 'streaming',
      language: battle.language,
      categories: [...battle.categories],
      identityLeaked,
      turn: 1,
      generation: 1,
      nodeId: battle.nodeId,
      promptId: prepared?.promptId ?? null,
      answerA: prepared?.answers.a ?? null,
      answerB: prepared?.answers.b ?? null,
      createdAt: battle.at,
    })
    .onConflictDoNothing({ target: schema.battles.id })
    .returning({ id: schema.battles.id })
  if (inserted.length > 0 && !prepared) await insertFirstTurn(db, schema, battle)
}

async function insertFirstTurn(db: Database, { battleTurns }: Schema, battle: NewBattle): Promise<void> {
  await db.insert(battleTurns).values({
    battleId: battle.id,
    turn: 1,
    generation: 1,
    prompt: toStoredText(battle.prompt),
    status: 'streaming',
    failure: null,
    nodeId: battle.nodeId,
    startedAt: battle.at,
    endedAt: null,
  })
}

/** Says whether one of the answers names its model; refuses answers that are not what the battle says they are. */
async function checkPreparedAnswers(
  db: Database,
  { preparedAnswers }: Schema,
  battle: NewBattle,
  prepared: NonNullable<NewBattle['prepared']>,
): Promise<boolean> {
  const find = async (id: AnswerId, modelId: string) => {
    const [answer] = await db.select().from(preparedAnswers).where(eq(preparedAnswers.id, id))
    if (answer?.promptId !== prepared.promptId || answer.modelId !== modelId) {
      throw new Error(`battle ${battle.id}: ${id} is no answer of ${modelId} to prompt ${prepared.promptId}`)
    }
    return answer.identityLeaked
  }
  const a = await find(prepared.answers.a, battle.models.a)
  const b = await find(prepared.answers.b, battle.models.b)
  return a || b
}

/** One statement, so that battle, turns and texts are of one moment. */
export async function findBattle(db: Database, schema: Schema, id: BattleId): Promise<BattleRecord | undefined> {
  const { battles, battleTurns, generatedAnswers, prompts, preparedAnswers } = schema
  const [textA, textB] = [aliasedTable(generatedAnswers, 'text_a'), aliasedTable(generatedAnswers, 'text_b')]
  const [preparedA, preparedB] = [
    aliasedTable(preparedAnswers, 'prepared_a'),
    aliasedTable(preparedAnswers, 'prepared_b'),
  ]
  const answerOf = (answer: typeof textA, side: 'a' | 'b') =>
    and(
      eq(answer.battleId, battleTurns.battleId),
      eq(answer.turn, battleTurns.turn),
      eq(answer.generation, battleTurns.generation),
      eq(answer.side, side),
    )
  const rows = await db
    .select({
      battle: battles,
      preparedPrompt: prompts.text,
      preparedA: preparedA.text,
      preparedB: preparedB.text,
      turn: battleTurns.turn,
      generation: battleTurns.generation,
      prompt: battleTurns.prompt,
      a: textA.text,
      b: textB.text,
    })
    .from(battles)
    .leftJoin(prompts, eq(prompts.id, battles.promptId))
    .leftJoin(preparedA, eq(preparedA.id, battles.answerA))
    .leftJoin(preparedB, eq(preparedB.id, battles.answerB))
    .leftJoin(battleTurns, eq(battleTurns.battleId, battles.id))
    .leftJoin(textA, answerOf(textA, 'a'))
    .leftJoin(textB, answerOf(textB, 'b'))
    .where(eq(battles.id, id))
    .orderBy(battleTurns.turn, battleTurns.generation)
  const first = rows[0]
  return first && { ...toBattleHead(first.battle), turns: latestTurns(rows) }
}

type FoundRow = {
  readonly preparedPrompt: string | null
  readonly preparedA: string | null
  readonly preparedB: string | null
  readonly turn: number | null
  readonly generation: number | null
  readonly prompt: string | null
  readonly a: string | null
  readonly b: string | null
}

/** Later generations replace earlier ones; the turn of a prepared battle is its prompt and answers. */
function latestTurns(rows: readonly FoundRow[]): StoredTurn[] {
  const turns = new Map<number, StoredTurn>()
  for (const { preparedPrompt, preparedA, preparedB, turn, generation, prompt, a, b } of rows) {
    if (preparedPrompt !== null) {
      turns.set(1, {
        turn: 1,
        generation: 1,
        prompt: preparedPrompt,
        texts: { a: preparedA ?? '', b: preparedB ?? '' },
      })
    }
    if (turn !== null && generation !== null && prompt !== null) {
      turns.set(turn, { turn, generation, prompt, texts: { a: a ?? '', b: b ?? '' } })
    }
  }
  return [...turns.values()]
}

function toBattleHead(battle: Schema['battles']['$inferSelect']): Omit<BattleRecord, 'turns'> {
  return {
    id: battle.id,
    arena: battle.arena,
    // The answers of an imported battle were there before it, too.
    kind: battle.kind === 'live' ? 'live' : 'prepared',
    voterId: battle.voterId,
    models: { a: battle.modelA, b: battle.modelB },
    status: battle.status,
    language: battle.language,
    categories: battle.categories,
    identityLeaked: battle.identityLeaked,
    createdAt: battle.createdAt,
  }
}

export async function listSeenPairs(
  db: Database,
  { battles }: Schema,
  { voterId, arena, limit }: { voterId: VoterId; arena: string; limit: number },
): Promise<SeenPair[]> {
  const rows = await db
    .select({ promptId: battles.promptId, a: battles.modelA, b: battles.modelB })
    .from(battles)
    .where(and(eq(battles.voterId, voterId), eq(battles.arena, arena), isNotNull(battles.promptId)))
    .orderBy(desc(battles.createdAt), desc(battles.id))
    .limit(limit)
  return rows.flatMap(({ promptId, a, b }) => (promptId === null ? [] : [{ promptId, models: { a, b } }]))
}

export async function recordAbandonedDraw(db: Database, { abandonedDraws }: Schema, draw: AbandonedDraw) {
  await db
    .insert(abandonedDraws)
    .values({ ...draw, reason: toStoredText(draw.reason) })
    .onConflictDoNothing()
}

/** Marks what a node was generating when it went away. */
export async function interruptGenerations(
  db: Database,
  { battles, battleTurns }: Schema,
  nodeId: string,
  at: number,
): Promise<number> {
  await db
    .update(battleTurns)
    .set({ status: 'interrupted', endedAt: at })
    .where(
      and(
        eq(battleTurns.status, 'streaming'),
        sql`exists (select 1 from ${battles} where ${battles.id} = ${battleTurns.battleId}
          and ${battles.nodeId} = ${nodeId} and ${battles.status} = 'streaming')`,
      ),
    )
  const interrupted = await db
    .update(battles)
    .set({ status: 'interrupted' })
    .where(and(eq(battles.nodeId, nodeId), eq(battles.status, 'streaming')))
    .returning({ id: battles.id })
  return interrupted.length
}
