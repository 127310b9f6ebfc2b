import '@fastify/cookie'
import '@fastify/websocket'
import type { VoterId } from '../contract/ids.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set when a socket is opened. */
    voterId?: VoterId
  }
}
