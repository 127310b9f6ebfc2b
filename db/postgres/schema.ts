import { defineSchema } from '../schema.ts'
import { sharedKit } from './kit.ts'

/** The tables as PostgreSQL has them; drizzle-kit reads this file to make the migrations. */
export const schema = defineSchema(sharedKit)

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
