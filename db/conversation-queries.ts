import { aliasedTable, and, eq, sql } from 'drizzle-orm'
import type { BattleId } from '../contract/ids.ts'
import type { ReadingEngine } from './engine.ts'
import type { ExportedTurn } from './export-source.ts'
import { groupBy } from './grouping.ts'
import type { Schema } from './schema.ts'
import type { Database } from './sqlite/kit.ts'
import type { PromptContext } from './store.ts'

export type QueryTools = Pick<ReadingEngine, 'schema' | 'isAnyOf'>

/** How many bytes the texts of each battle have; the texts themselves are not read for that. */
export async function sizeConversations(
  db: Database,
  { schema, isAnyOf }: QueryTools,
  ids: readonly BattleId[],
): Promise<Map<string, number>> {
  const { battles, battleTurns, generatedAnswers, prompts } = schema
  const [a, b] = preparedSides(schema)
  const bytes = (column: unknown) => sql<number>`octet_length(${column})`.mapWith(Number)
  const sum = (column: unknown) => sql<number>`sum(octet_length(${column}))`.mapWith(Number)
  const parts = [
    await db
      .select({ id: battles.id, prompt: bytes(prompts.text), a: bytes(a.text), b: bytes(b.text) })
      .from(battles)
      .innerJoin(prompts, eq(prompts.id, battles.promptId))
      .innerJoin(a, eq(a.id, battles.answerA))
      .innerJoin(b, eq(b.id, battles.answerB))
      .where(isAnyOf(battles.id, ids))
      .then((rows) => rows.map(({ id, ...sizes }) => ({ id, size: sizes.prompt + sizes.a + sizes.b }))),
    await db
      .select({ id: battleTurns.battleId, size: sum(battleTurns.prompt) })
      .from(battleTurns)
      .where(isAnyOf(battleTurns.battleId, ids))
      .groupBy(battleTurns.battleId),
    await db
      .select({ id: generatedAnswers.battleId, size: sum(generatedAnswers.text) })
      .from(generatedAnswers)
      .where(isAnyOf(generatedAnswers.battleId, ids))
      .groupBy(generatedAnswers.battleId),
  ]
  const sizes = new Map<string, number>()
  for (const { id, size } of parts.flat()) sizes.set(id, (sizes.get(id) ?? 0) + size)
  return sizes
}

/** What was said in a battle, as it was judged: of each turn the latest generation. */
export interface Conversation {
  /** Of the prompt; empty when there was none. */
  readonly system: string
  readonly turns: ExportedTurn[]
  /** How many of the turns the prompt brought along: they were said before the battle began. */
  readonly earlier: number
}

export async function readConversations(
  db: Database,
  tools: QueryTools,
  ids: readonly BattleId[],
): Promise<Map<string, Conversation>> {
  return new Map([...(await readPrepared(db, tools, ids)), ...(await readLive(db, tools, ids))])
}

async function readPrepared(
  db: Database,
  { schema, isAnyOf }: QueryTools,
  ids: readonly BattleId[],
): Promise<[string, Conversation][]> {
  const { battles, prompts } = schema
  const [a, b] = preparedSides(schema)
  const rows = await db
    .select({
      id: battles.id,
      prompt: prompts.text,
      system: prompts.system,
      context: prompts.context,
      a: a.text,
      b: b.text,
    })
    .from(battles)
    .innerJoin(prompts, eq(prompts.id, battles.promptId))
    .innerJoin(a, eq(a.id, battles.answerA))
    .innerJoin(b, eq(b.id, battles.answerB))
    .where(isAnyOf(battles.id, ids))
  return rows.map((row) => {
    const earlier = toTurns(row.context ?? [])
    const turns = [...earlier, { prompt: row.prompt, answers: { a: row.a, b: row.b } }]
    return [row.id, { system: row.system ?? '', turns, earlier: earlier.length }]
  })
}

/** Turns that both sides had in common before the prompt. */
function toTurns(context: PromptContext): ExportedTurn[] {
  const turns: ExportedTurn[] = []
  for (const { role, content } of context) {
    const last = turns.at(-1)
    if (role === 'user') turns.push({ prompt: content, answers: { a: '', b: '' } })
    else if (role === 'assistant' && last) turns[turns.length - 1] = { ...last, answers: { a: content, b: content } }
  }
  return turns
}

async function readLive(
  db: Database,
  { schema, isAnyOf }: QueryTools,
  ids: readonly BattleId[],
): Promise<Map<string, Conversation>> {
  const { battleTurns, generatedAnswers } = schema
  const [a, b] = [aliasedTable(generatedAnswers, 'text_a'), aliasedTable(generatedAnswers, 'text_b')]
  const answerOf = (answer: typeof a, side: 'a' | 'b') =>
    and(
      eq(answer.battleId, battleTurns.battleId),
      eq(answer.turn, battleTurns.turn),
      eq(answer.generation, battleTurns.generation),
      eq(answer.side, side),
    )
  const rows = await db
    .select({ id: battleTurns.battleId, turn: battleTurns.turn, prompt: battleTurns.prompt, a: a.text, b: b.text })
    .from(battleTurns)
    .leftJoin(a, answerOf(a, 'a'))
    .leftJoin(b, answerOf(b, 'b'))
    .where(isAnyOf(battleTurns.battleId, ids))
    .orderBy(battleTurns.battleId, battleTurns.turn, battleTurns.generation)
  const conversations = new Map<string, Conversation>()
  for (const [id, ofBattle] of groupBy(rows, (row) => row.id)) {
    const latest = new Map(ofBattle.map((row) => [row.turn, { prompt: row.prompt, answers: { a: row.a, b: row.b } }]))
    conversations.set(id, { system: '', turns: [...latest.values()], earlier: 0 })
  }
  return conversations
}

function preparedSides({ preparedAnswers }: Schema) {
  return [aliasedTable(preparedAnswers, 'prepared_a'), aliasedTable(preparedAnswers, 'prepared_b')] as const
}
