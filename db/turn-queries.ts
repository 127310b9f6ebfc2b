import { and, eq, isNull, or, sql } from 'drizzle-orm'
import type { BattleId } from '../contract/ids.ts'
import { SIDES } from '../contract/outcome.ts'
import type { Schema } from './schema.ts'
import type { Database } from './sqlite/kit.ts'
import type { NewTurn, TurnEnd } from './store.ts'
import { toStoredText, toStoredTextOrNull } from './stored-text.ts'

type RecordTurnResult = 'recorded' | 'no-such-battle' | 'already-voted' | 'outdated'

/** A further turn, or the next generation of the last one. */
export async function recordTurn(db: Database, schema: Schema, turn: NewTurn): Promise<RecordTurnResult> {
  const { battles, battleTurns } = schema
  const latest = await lockBattle(db, schema, turn.battleId)
  if (!latest) return 'no-such-battle'
  if (await isRepeated(db, schema, turn)) return 'recorded'
  if (await hasVote(db, schema, turn.battleId)) return 'already-voted'
  const isNextTurn = turn.turn === latest.turn + 1 && turn.generation === 1
  const isNextGeneration = turn.turn === latest.turn && turn.generation === latest.generation + 1
  if (!isNextTurn && !isNextGeneration) return 'outdated'
  await db.insert(battleTurns).values({
    battleId: turn.battleId,
    turn: turn.turn,
    generation: turn.generation,
    prompt: toStoredText(turn.prompt),
    status: 'streaming',
    failure: null,
    nodeId: turn.nodeId,
    startedAt: turn.at,
    endedAt: null,
  })
  await db
    .update(battles)
    .set({
      status: 'streaming',
      turn: turn.turn,
      generation: turn.generation,
      categories: [...turn.categories],
      nodeId: turn.nodeId,
    })
    .where(eq(battles.id, turn.battleId))
  return 'recorded'
}

/** Reads a battle for a change; an update of nothing is the lock that every engine has. */
async function lockBattle(db: Database, { battles }: Schema, id: BattleId) {
  const [battle] = await db
    .update(battles)
    .set({ turn: sql`${battles.turn}` })
    .where(eq(battles.id, id))
    .returning({ turn: battles.turn, generation: battles.generation, identityLeaked: battles.identityLeaked })
  return battle
}

/** The same call told twice, and not another tab that asked for the same turn: instant and node are part of it. */
async function isRepeated(db: Database, { battleTurns }: Schema, turn: NewTurn): Promise<boolean> {
  const known = await db
    .select({ turn: battleTurns.turn })
    .from(battleTurns)
    .where(
      and(
        eq(battleTurns.battleId, turn.battleId),
        eq(battleTurns.turn, turn.turn),
        eq(battleTurns.generation, turn.generation),
        eq(battleTurns.prompt, toStoredText(turn.prompt)),
        eq(battleTurns.nodeId, turn.nodeId),
        eq(battleTurns.startedAt, turn.at),
      ),
    )
  return known.length > 0
}

async function hasVote(db: Database, { voteLog }: Schema, battleId: BattleId): Promise<boolean> {
  const votes = await db.select({ id: voteLog.id }).from(voteLog).where(eq(voteLog.battleId, battleId)).limit(1)
  return votes.length > 0
}

/** Stores both answers of the latest generation and the state they lead to. */
export async function endTurn(db: Database, schema: Schema, end: TurnEnd): Promise<'recorded' | 'outdated'> {
  const { battles, battleTurns } = schema
  const latest = await lockBattle(db, schema, end.battleId)
  if (latest?.turn !== end.turn || latest.generation !== end.generation) return 'outdated'
  const ended = await db
    .update(battleTurns)
    .set({ status: end.status, failure: toStoredTextOrNull(end.failure), endedAt: end.at })
    .where(and(isTurn(schema, end), isNull(battleTurns.endedAt)))
    .returning({ turn: battleTurns.turn })
  if (ended.length === 0) return (await hasTheseAnswers(db, schema, end)) ? 'recorded' : 'outdated'
  await insertAnswers(db, schema, end)
  await db
    .update(battles)
    .set({
      status: end.status,
      modelA: end.models.a,
      modelB: end.models.b,
      identityLeaked: latest.identityLeaked || end.identityLeaked,
      categories: [...end.categories],
    })
    .where(eq(battles.id, end.battleId))
  return 'recorded'
}

function isTurn({ battleTurns }: Schema, { battleId, turn, generation }: TurnEnd) {
  return and(eq(battleTurns.battleId, battleId), eq(battleTurns.turn, turn), eq(battleTurns.generation, generation))
}

async function hasTheseAnswers(db: Database, { generatedAnswers }: Schema, end: TurnEnd): Promise<boolean> {
  const ids = [end.answers.a.id, end.answers.b.id]
  const known = await db
    .select({ id: generatedAnswers.id })
    .from(generatedAnswers)
    .where(or(...ids.map((id) => eq(generatedAnswers.id, id))))
  return known.length === ids.length
}

async function insertAnswers(db: Database, { generatedAnswers }: Schema, end: TurnEnd): Promise<void> {
  await db.insert(generatedAnswers).values(
    SIDES.map((side) => ({
      ...end.answers[side],
      text: toStoredText(end.answers[side].text),
      reasoning: toStoredText(end.answers[side].reasoning),
      battleId: end.battleId,
      turn: end.turn,
      generation: end.generation,
      side,
      modelId: end.models[side],
    })),
  )
}
