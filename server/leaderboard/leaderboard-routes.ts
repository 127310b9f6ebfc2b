import { createHash } from 'node:crypto'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Problem } from '../../contract/arena.ts'
import { Leaderboard, LeaderboardQuery } from '../../contract/leaderboard.ts'
import { AppError } from '../app-error.ts'
import type { LeaderboardService } from './leaderboard-service.ts'

export function leaderboardRoutes({ leaderboard }: { leaderboard: LeaderboardService }): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/api/v1/leaderboard',
      {
        schema: {
          summary: 'One leaderboard',
          tags: ['leaderboard'],
          querystring: LeaderboardQuery,
          response: {
            200: Leaderboard,
            304: z.undefined().describe('Not changed since the ETag that was sent'),
            404: Problem,
          },
        },
      },
      async (request, reply) => {
        const { arena, category } = request.query
        const board = leaderboard.find(arena, category)
        if (!board) throw new AppError('arena/unknown', `There is no arena "${arena}"`)
        const etag = etagOf(board)
        reply.header('etag', etag).header('cache-control', 'no-cache')
        if (request.headers['if-none-match'] === etag) return reply.code(304).send()
        return reply.send(board)
      },
    )
  }
}

/** Of the content, not of the version alone: versions start again with the process. */
function etagOf(board: Leaderboard): string {
  return `"${createHash('sha256').update(JSON.stringify(board)).digest('base64url').slice(0, 22)}"`
}
