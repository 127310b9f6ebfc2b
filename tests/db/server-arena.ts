import pg from 'pg'
import { afterAll, beforeAll, test } from 'vitest'
import { openStore } from '../../db/open-store.ts'
import type { Store } from '../../db/store.ts'
import { executeOn, startPostgres, type PostgresServer } from '../support/postgres.ts'
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'
import { setUpArena, type Arena } from './arena-facts.ts'

/** An arena on a server of the test file's own. The arena is there once the tests run. */
export interface ServerArena {
  readonly server: PostgresServer
  readonly url: string
  readonly store: Store
  readonly arena: Arena
  /** Runs one statement on a connection of its own. */
  execute(statement: string): Promise<Record<string, unknown>[]>
  /** The number of log entries with these ids. */
  countEntries(ids: readonly string[]): Promise<number>
}

export const openOn = (databaseUrl: string, nodeId = 'node-one') =>
  openStore({ dataDir: '/nowhere', databaseUrl, nodeId })

/** Starts a server for a test file and describes its tests; where there is none, a skipped test says why. */
export async function describeServerArena(name: string, describeTests: (given: ServerArena) => void): Promise<void> {
  const server = await startPostgres()
  if ('skipReason' in server) {
    test.skip(`${name}: ${server.skipReason}`, () => undefined)
    return
  }
  let url = ''
  let arena: Arena | undefined
  const getArena = () => {
    if (!arena) throw new Error('the arena is set up when the tests run')
    return arena
  }
  beforeAll(async () => {
    url = await server.createDatabase()
    arena = await setUpArena(await openOn(url))
  })
  afterAll(async () => {
    await arena?.store.close()
    await server.stop()
  })
  describeTests({
    server,
    get url() {
      return url
    },
    get arena() {
      return getArena()
    },
    get store() {
      return getArena().store
    },
    execute: (statement) => executeOn(url, statement),
    countEntries: async (ids) => {
      const [row] = await executeOn(url, `SELECT count(*)::int AS n FROM vote_log WHERE id IN ('${ids.join(`','`)}')`)
      return Number(row?.n)
    },
  })
}

/** A connection of its own, on which a test can leave a transaction open. */
export async function connectTo(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

/** Puts a line that can be cut between a node and its server; the URL leads through it. */
export async function startProxyTo(url: string): Promise<TcpProxy & { readonly url: string }> {
  const through = new URL(url)
  const proxy = await startTcpProxy({ host: through.hostname, port: Number(through.port) })
  through.port = String(proxy.port)
  return Object.assign(proxy, { url: through.href })
}
