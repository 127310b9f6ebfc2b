import { and, asc, eq, inArray, isNull } from 'drizzle-orm'
import type { PromptId } from '../contract/ids.ts'
import type { Schema } from './schema.ts'
import type { Database } from './sqlite/kit.ts'
import type { PreparedAnswer, PreparedPrompt } from './store.ts'
import { inChunks, toStoredText } from './stored-text.ts'

const ROWS_PER_STATEMENT = 500

/** Imports one batch; what is known by its key stays as it is. */
export async function importAnswers(db: Database, schema: Schema, batch: readonly PreparedAnswer[]) {
  let promptsCreated = 0
  let answersCreated = 0
  for (const chunk of inChunks(batch, ROWS_PER_STATEMENT)) {
    promptsCreated += await insertPrompts(db, schema, chunk)
    answersCreated += await insertAnswers(db, schema, chunk, await findPromptIds(db, schema, chunk))
  }
  return { promptsCreated, answersCreated }
}

async function insertPrompts(db: Database, { prompts }: Schema, chunk: readonly PreparedAnswer[]): Promise<number> {
  const rows = chunk.map((answer) => ({
    id: answer.promptId,
    arena: answer.arena,
    key: answer.promptKey,
    text: toStoredText(answer.prompt),
    language: answer.language,
    categories: [...answer.categories],
    source: answer.source,
    createdAt: answer.at,
  }))
  const target = [prompts.arena, prompts.key]
  return (await db.insert(prompts).values(rows).onConflictDoNothing({ target }).returning({ id: prompts.id })).length
}

async function findPromptIds(db: Database, { prompts }: Schema, chunk: readonly PreparedAnswer[]) {
  const keys = [...new Set(chunk.map(({ promptKey }) => promptKey))]
  const found = await db
    .select({ id: prompts.id, arena: prompts.arena, key: prompts.key })
    .from(prompts)
    .where(inArray(prompts.key, keys))
  return new Map(found.map(({ id, arena, key }) => [`${arena} ${key}`, id]))
}

async function insertAnswers(
  db: Database,
  { preparedAnswers }: Schema,
  chunk: readonly PreparedAnswer[],
  promptIds: ReadonlyMap<string, PromptId>,
): Promise<number> {
  const rows = chunk.map((answer) => {
    const promptId = promptIds.get(`${answer.arena} ${answer.promptKey}`)
    if (promptId === undefined) throw new Error(`prompt ${answer.promptKey} was not imported`)
    return {
      id: answer.answerId,
      promptId,
      key: answer.answerKey,
      modelId: answer.modelId,
      text: toStoredText(answer.text),
      identityLeaked: answer.identityLeaked,
      createdAt: answer.at,
    }
  })
  const target = [preparedAnswers.promptId, preparedAnswers.key]
  const inserted = await db
    .insert(preparedAnswers)
    .values(rows)
    .onConflictDoNothing({ target })
    .returning({ id: preparedAnswers.id })
  return inserted.length
}

/** Every prompt with at least two answers, in one pass over the index of keys. */
export async function listPreparedPrompts(
  db: Database,
  { prompts, preparedAnswers }: Schema,
  arena: string,
): Promise<PreparedPrompt[]> {
  const rows = await db
    .select({
      id: prompts.id,
      language: prompts.language,
      categories: prompts.categories,
      answerId: preparedAnswers.id,
      modelId: preparedAnswers.modelId,
    })
    .from(prompts)
    .innerJoin(preparedAnswers, eq(preparedAnswers.promptId, prompts.id))
    // What goes on a conversation cannot be shown as a prompt of its own.
    .where(and(eq(prompts.arena, arena), isNull(prompts.context)))
    .orderBy(asc(prompts.key), asc(preparedAnswers.key))
  const byPrompt = new Map<PromptId, PreparedPrompt & { answers: PreparedPrompt['answers'][number][] }>()
  for (const { answerId, modelId, ...prompt } of rows) {
    const known = byPrompt.get(prompt.id)
    if (known) known.answers.push({ id: answerId, modelId })
    else byPrompt.set(prompt.id, { ...prompt, answers: [{ id: answerId, modelId }] })
  }
  return [...byPrompt.values()].filter(({ answers }) => answers.length >= 2)
}

export async function getPrompt(db: Database, { prompts }: Schema, id: PromptId) {
  const [prompt] = await db
    .select({ id: prompts.id, text: prompts.text, language: prompts.language, categories: prompts.categories })
    .from(prompts)
    .where(eq(prompts.id, id))
  if (!prompt) throw new Error(`No prompt ${id}`)
  return prompt
}

/** In the order in which they are asked for. */
export async function findPromptTexts(db: Database, { prompts }: Schema, ids: readonly PromptId[]) {
  const found = new Map<PromptId, { id: PromptId; text: string; language: string }>()
  for (const chunk of inChunks(ids, ROWS_PER_STATEMENT)) {
    const rows = await db
      .select({ id: prompts.id, text: prompts.text, language: prompts.language })
      .from(prompts)
      .where(inArray(prompts.id, chunk))
    for (const row of rows) found.set(row.id, row)
  }
  return ids.flatMap((id) => found.get(id) ?? [])
}
