import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { StoreHealth } from '../../db/store.ts'
import type { Metrics } from './metrics.ts'

const Alive = z.strictObject({ status: z.literal('ok') }).meta({ id: 'Alive' })
const Readiness = z
  .strictObject({ status: z.enum(['ready', 'not-ready']), problems: z.array(z.string()) })
  .meta({ id: 'Readiness' })

export interface HealthNeeds {
  readonly checkStore: () => Promise<StoreHealth>
  readonly isCaughtUp: () => boolean
  readonly isStopping: () => boolean
  readonly metrics: Metrics
}

/** For whoever runs the server: is it alive, may it get traffic, what does it count. */
export function healthRoutes({ checkStore, isCaughtUp, isStopping, metrics }: HealthNeeds): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/healthz',
      { logLevel: 'warn', schema: { summary: 'The process is alive', tags: ['operation'], response: { 200: Alive } } },
      async () => ({ status: 'ok' as const }),
    )

    app.get(
      '/readyz',
      {
        logLevel: 'warn',
        schema: {
          summary: 'Battles and votes are taken',
          tags: ['operation'],
          response: { 200: Readiness, 503: Readiness },
        },
      },
      async (_request, reply) => {
        const store = await checkStore()
        const problems = [
          ...(isStopping() ? ['the server is stopping'] : []),
          ...(isCaughtUp() ? [] : ['the leaderboards are still being computed']),
          ...(store.problem === null ? [] : [`the store: ${store.problem}`]),
        ]
        if (problems.length === 0) return { status: 'ready' as const, problems }
        return reply.code(503).send({ status: 'not-ready', problems })
      },
    )

    app.get('/metrics', { logLevel: 'warn', schema: { hide: true } }, async (_request, reply) =>
      reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
    )
  }
}
