import { createHash } from 'node:crypto'
import { AnswerId } from '../contract/ids.ts'
import { SIDES } from '../contract/outcome.ts'
import type { ImportBatch, ImportedBattle } from './import-sink.ts'
import type { Schema } from './schema.ts'
import type { Database } from './sqlite/kit.ts'
import { inChunks, toStoredText, toStoredTextOrNull } from './stored-text.ts'

const ROWS_PER_STATEMENT = 500

/** Returns the ids of prompts that were not there before. */
export async function insertImportedPrompts(
  db: Database,
  { prompts }: Schema,
  { prompts: added, at }: ImportBatch,
): Promise<Set<string>> {
  const created = new Set<string>()
  for (const chunk of inChunks(added, ROWS_PER_STATEMENT)) {
    const rows = chunk.map(({ categories, context, ...prompt }) => ({
      ...prompt,
      text: toStoredText(prompt.text),
      system: toStoredTextOrNull(prompt.system),
      categories: [...categories],
      context: context && [...context],
      createdAt: at,
    }))
    const inserted = await db.insert(prompts).values(rows).onConflictDoNothing().returning({ id: prompts.id })
    for (const { id } of inserted) created.add(id)
  }
  return created
}

/** Returns the ids of answers that were not there before. */
export async function insertImportedAnswers(
  db: Database,
  { preparedAnswers }: Schema,
  { answers, at }: ImportBatch,
): Promise<Set<string>> {
  const created = new Set<string>()
  for (const chunk of inChunks(answers, ROWS_PER_STATEMENT)) {
    const rows = chunk.map((answer) => ({ ...answer, text: toStoredText(answer.text), createdAt: at }))
    const inserted = await db
      .insert(preparedAnswers)
      .values(rows)
      .onConflictDoNothing()
      .returning({ id: preparedAnswers.id })
    for (const { id } of inserted) created.add(id)
  }
  return created
}

/** The turns of battles that do not consist of one prompt and two answers. */
export async function insertTurns(
  db: Database,
  { battleTurns, generatedAnswers }: Schema,
  { battles, at }: { battles: readonly ImportedBattle[]; at: number },
): Promise<void> {
  const turns = battles.flatMap(({ id, models, conversation }) =>
    conversation?.kind === 'turns'
      ? conversation.turns.map((turn, index) => ({ ...turn, battleId: id, models, turn: index + 1 }))
      : [],
  )
  for (const chunk of inChunks(turns, ROWS_PER_STATEMENT)) {
    await db.insert(battleTurns).values(
      chunk.map(({ battleId, turn, prompt }) => ({
        battleId,
        turn,
        generation: 1,
        prompt: toStoredText(prompt),
        status: 'ready' as const,
        failure: null,
        nodeId: '',
        startedAt: at,
        endedAt: at,
      })),
    )
    const answers = chunk.flatMap(({ battleId, turn, models, answers: texts }) =>
      SIDES.map((side) => ({
        battleId,
        turn,
        generation: 1,
        side,
        id: toAnswerId(battleId, turn, side),
        modelId: models[side],
        text: toStoredText(texts[side]),
        // How it came about is not known: neither reasoning nor tokens nor times.
        reasoning: '',
        finish: 'stop' as const,
        promptTokens: null,
        completionTokens: null,
        firstTokenMs: null,
        totalMs: 0,
      })),
    )
    await db.insert(generatedAnswers).values(answers)
  }
}

function toAnswerId(battleId: string, turn: number, side: string): AnswerId {
  const hash = createHash('sha256').update(`answer ${battleId} ${turn} ${side}`).digest('base64url')
  return AnswerId.parse(hash.slice(0, 22))
}
