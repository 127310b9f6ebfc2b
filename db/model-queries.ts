import { inArray } from 'drizzle-orm'
import type { ModelId } from '../contract/ids.ts'
import type { Schema } from './schema.ts'
import type { Database } from './sqlite/kit.ts'
import type { ModelRecord, ModelStatus, NewModel } from './store.ts'

/** Adds models, updates those whose name is known, and returns all of them. */
export async function upsertModels(db: Database, { models }: Schema, added: readonly NewModel[]) {
  for (const model of added) {
    const { at, modalities, ...rest } = model
    const values = { ...rest, modalities: [...modalities], createdAt: at, updatedAt: at }
    const { id: _id, name: _name, createdAt: _createdAt, ...changes } = values
    await db.insert(models).values(values).onConflictDoUpdate({ target: models.name, set: changes })
  }
  return listModels(db, { models })
}

/** In name order: names are compared byte by byte on every engine. */
export async function listModels(db: Database, { models }: Pick<Schema, 'models'>): Promise<ModelRecord[]> {
  const rows = await db.select().from(models).orderBy(models.name)
  return rows.map(({ updatedAt: _updatedAt, ...model }) => model)
}

export async function setModelStatus(
  db: Database,
  { models }: Schema,
  ids: readonly ModelId[],
  status: ModelStatus,
): Promise<void> {
  if (ids.length > 0)
    await db
      .update(models)
      .set({ status })
      .where(inArray(models.id, [...ids]))
}
