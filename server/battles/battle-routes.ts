import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { ArenaStatus, Problem, Suggestion } from '../../contract/arena.ts'
import { ArenaName } from '../../contract/leaderboard.ts'
import type { BattleService } from './battle-service.ts'
import type { PreparedService } from './prepared-service.ts'

const SUGGESTIONS = 4

export interface BattleRoutesNeeds {
  readonly battles: BattleService
  readonly prepared: PreparedService
  readonly sampleArena: () => boolean
  readonly promptMaxChars: number
  readonly build: string
}

export function battleRoutes({
  battles,
  prepared,
  sampleArena,
  promptMaxChars,
  build,
}: BattleRoutesNeeds): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/api/v1/arena',
      {
        schema: {
          summary: 'What can be compared here',
          tags: ['battles'],
          querystring: z.strictObject({ arena: ArenaName.default('text') }),
          response: { 200: ArenaStatus, 400: Problem },
        },
      },
      async (request, reply) => {
        const { arena } = request.query
        reply.header('cache-control', 'no-store')
        return {
          arena,
          liveBattles: battles.canCompareLive(),
          preparedBattles: prepared.canCompare(arena),
          sampleArena: sampleArena(),
          promptMaxChars,
          build,
        }
      },
    )

    app.get(
      '/api/v1/suggestions',
      {
        schema: {
          summary: 'Prompts to begin with, from the prepared sets',
          tags: ['battles'],
          querystring: z.strictObject({ arena: ArenaName.default('text'), language: z.string().max(8).optional() }),
          response: { 200: z.array(Suggestion), 400: Problem },
        },
      },
      async (request, reply) => {
        reply.header('cache-control', 'no-store')
        return prepared.suggest(request.query.arena, request.query.language, SUGGESTIONS)
      },
    )
  }
}
