import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { RateLimit } from '../rate-limit.ts'
import { networkOf } from './network.ts'
import type { VoterSessions } from './voter-sessions.ts'

const COOKIE = 'ringside_voter'
const YEAR_S = 365 * 24 * 60 * 60

/** Opens an anonymous session; asking again with a valid one changes nothing. */
export function sessionRoutes({
  sessions,
  limit,
}: {
  sessions: VoterSessions
  limit: RateLimit
}): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/api/v1/session',
      {
        schema: {
          summary: 'Open an anonymous session',
          description:
            'Sets the cookie by which votes belong to one voter. Programs may send its value as "Authorization: Bearer …" instead.',
          tags: ['voters'],
          response: { 204: z.undefined().describe('The session is open') },
        },
      },
      async (request, reply) => {
        if (!(await sessions.find(tokenOf(request)))) {
          limit.take(networkOf(request.ip), 'sessions')
          const { token } = await sessions.open()
          setCookie(reply, token, request.protocol === 'https')
        }
        return reply.code(204).send()
      },
    )
  }
}

/** The session token of a request, from the header for programs, else from the cookie. */
export function tokenOf(request: Pick<FastifyRequest, 'headers' | 'cookies'>): string | undefined {
  const bearer = /^Bearer ([^ ]+)$/i.exec(request.headers.authorization ?? '')
  return bearer?.[1] ?? request.cookies[COOKIE]
}

function setCookie(reply: FastifyReply, token: string, secure: boolean): void {
  reply.setCookie(COOKIE, token, { path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge: YEAR_S })
}
