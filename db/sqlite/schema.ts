import { defineSchema } from '../schema.ts'
import { sqliteKit } from './kit.ts'

/** The tables as better-sqlite3 has them; drizzle-kit reads this file to make the migrations. */
export const schema = defineSchema(sqliteKit)

export const {
  models,
  voters,
  prompts,
  preparedAnswers,
  battles,
  battleTurns,
  generatedAnswers,
  abandonedDraws,
  voteLog,
  importRuns,
  secrets,
} = schema
