import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStore, openVoteLogReader, restoreStore } from '../../db/open-store.ts'
import type { LoggedVote, NewBattle, Store, VoteLogCursor } from '../../db/store.ts'
import { executeOn, startPostgres, type PostgresServer } from '../support/postgres.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'
import { readLog, readyBattle, recordVoter, setUpArena, voteOn, withdrawalOf, type Arena } from './arena-facts.ts'

const postgres = await startPostgres()

if ('skipReason' in postgres) test.skip(`an arena on a server that fails: ${postgres.skipReason}`, () => undefined)
else describeDurability(postgres)

function describeDurability(server: PostgresServer): void {
  let url: string
  let store: Store
  let arena: Arena

  const open = (databaseUrl = url, nodeId = 'node-one') => openStore({ dataDir: '/nowhere', databaseUrl, nodeId })
  const executeHere = (statement: string) => executeOn(url, statement)

  beforeAll(async () => {
    url = await server.createDatabase()
    store = await open()
    arena = await setUpArena(store)
  })
  afterAll(async () => {
    await store.close()
    await server.stop()
  })

  /** The number of log entries with these ids. */
  async function countEntries(ids: readonly string[]): Promise<number> {
    const [row] = await executeHere(`SELECT count(*)::int AS n FROM vote_log WHERE id IN ('${ids.join(`','`)}')`)
    return Number(row?.n)
  }

  /** A connection of its own, on which a test can leave a transaction open. */
  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => undefined)
    await client.connect()
    return client
  }

  describe('the start', () => {
    test('servers that start together on an empty database all come up, and one of them made the tables', async () => {
      const fresh = await server.createDatabase()
      const nodes = await Promise.all([1, 2, 3, 4].map((node) => open(fresh, `node-${node}`)))
      const [row] = await executeOn(fresh, 'SELECT count(*)::int AS n FROM ringside_migrations')
      expect(row?.n).toBe(1)
      await Promise.all(nodes.map((node) => node.close()))
    })

    test('a database that acknowledges before its disk does is refused with the setting to change', async () => {
      const fresh = await server.createDatabase()
      const name = new URL(fresh).pathname.slice(1)
      await executeOn(fresh, `ALTER DATABASE ${name} SET synchronous_commit = off`)
      await expect(open(fresh)).rejects.toMatchObject({
        name: 'StoreError',
        reason: 'unavailable',
        message: expect.stringContaining('synchronous_commit is off'),
      })
      await executeOn(fresh, `ALTER DATABASE ${name} RESET synchronous_commit`)
      await (await open(fresh)).close()
    })

    test('a connection that is made later is asked as well', async () => {
      const fresh = await server.createDatabase()
      const name = new URL(fresh).pathname.slice(1)
      const node = await open(fresh)
      const there = await setUpArena(node)
      const battle = await readyBattle(there)
      await executeOn(fresh, `ALTER DATABASE ${name} SET synchronous_commit = off`)
      await executeOn(
        fresh,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}' AND pid <> pg_backend_pid()`,
      )
      await expect(node.recordVote(voteOn(battle))).rejects.toMatchObject({ reason: 'unavailable' })
      await node.close()
    })

    test('a database of a newer version is refused with the rule for going back', async () => {
      const fresh = await server.createDatabase()
      await (await open(fresh)).close()
      await executeOn(fresh, `INSERT INTO ringside_migrations (name, applied_at) VALUES ('9999_future', now())`)
      await expect(open(fresh)).rejects.toMatchObject({ reason: 'newer-schema' })
    })

    test('a log restored from another server is readable, in the order it had', async () => {
      const fresh = await server.createDatabase()
      const first = await open(fresh)
      const there = await setUpArena(first)
      const ids: string[] = []
      for (let cast = 0; cast < 5; cast += 1) {
        const vote = voteOn(await readyBattle(there))
        await first.recordVote(vote)
        ids.push(vote.id)
      }
      await first.close()
      // The other server was far ahead, and gave its last two positions in another order than its commits.
      await executeOn(
        fresh,
        `UPDATE vote_log SET xid = (90000000000 + position + CASE position WHEN 4 THEN 9 ELSE 0 END)::text::xid8`,
      )
      const reader = await openVoteLogReader({ dataDir: '/nowhere', databaseUrl: fresh })
      expect((await reader.readVoteLog(null, 10)).entries).toEqual([])
      await reader.close()
      const again = await open(fresh)
      const expected = [ids[0], ids[1], ids[2], ids[4], ids[3]]
      expect((await readLog(again, 5)).map(({ id }) => id)).toEqual(expected)
      const vote = voteOn(await readyBattle({ ...there, store: again }))
      await again.recordVote(vote)
      expect((await readLog(again, 6)).map(({ id }) => id)).toEqual([...expected, vote.id])
      await again.close()
    })
  })

  describe('the cursor', () => {
    test('a commit that comes late is still read, and no entry is skipped or read twice', async () => {
      const fresh = await server.createDatabase()
      const node = await open(fresh)
      const there = await setUpArena(node)
      const battles: NewBattle[] = []
      while (battles.length < 1_200) {
        battles.push(...(await Promise.all(Array.from({ length: 50 }, () => readyBattle(there)))))
      }
      const late = await readyBattle(there)
      const slow = new pg.Client({ connectionString: fresh })
      await slow.connect()

      const follower = await openVoteLogReader({ dataDir: '/nowhere', databaseUrl: fresh })
      const followed: LoggedVote[] = []
      const naive = new NaiveFollower(fresh)
      let isVoting = true
      const following = (async () => {
        for (let cursor: VoteLogCursor | null = null; isVoting || followed.length < 1_201;) {
          const page = await follower.readVoteLog(cursor, 100)
          followed.push(...page.entries)
          cursor = page.cursor
          await naive.look()
        }
      })()
      // Its position is given now, its commit comes after a thousand later ones.
      await slow.query('BEGIN')
      await slow.query(
        `INSERT INTO vote_log (id, kind, battle_id, voter_id, revision, arena, model_a, model_b, turn, generation, outcome, language, categories, at)
         VALUES ('vote-that-is-late', 'vote', $1, $2, 1, 'text', $3, $4, 1, 1, 'a', 'en', '[]', 1)`,
        [late.id, late.voterId, late.models.a, late.models.b],
      )
      for (let start = 0; start < 1_200; start += 50) {
        await Promise.all(battles.slice(start, start + 50).map((battle) => node.recordVote(voteOn(battle))))
        if (start === 1_000) await slow.query('COMMIT')
      }
      isVoting = false
      await following
      await naive.look()
      const ids = followed.map(({ id }) => id)
      expect(ids).toHaveLength(1_201)
      expect(new Set(ids).size).toBe(1_201)
      expect(ids).toContain('vote-that-is-late')
      // The control: a follower that asks for positions after its last one loses the late commit for good.
      expect(naive.seen.size).toBe(1_200)
      expect(naive.seen.has('vote-that-is-late')).toBe(false)
      await Promise.all([slow.end(), naive.close(), follower.close(), node.close()])
    }, 120_000)

    test('the doorbell rings once entries can be read, and the lag is told meanwhile', async () => {
      const slow = await connect()
      await slow.query('BEGIN')
      await slow.query('SELECT pg_current_xact_id()')
      const before = (await readLog(store, 0)).length
      let lengthAtRing = 0
      const stop = store.onVoteLogGrowth(() => {
        void readLog(store, 0).then((log) => (lengthAtRing = Math.max(lengthAtRing, log.length)))
      })
      await store.recordVote(voteOn(await readyBattle(arena)))
      await expect.poll(async () => (await store.checkHealth()).gauges.logLagMs, { timeout: 10_000 }).toBeGreaterThan(0)
      expect((await readLog(store, 0)).length).toBe(before)
      await slow.query('ROLLBACK')
      await expect.poll(() => lengthAtRing, { timeout: 10_000 }).toBe(before + 1)
      await expect.poll(async () => (await store.checkHealth()).gauges.logLagMs, { timeout: 10_000 }).toBe(0)
      stop()
      await slow.end()
    })

    test('a doorbell whose connection was cut listens again', async () => {
      await executeHere(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE '%doorbell'`,
      )
      let rings = 0
      const stop = store.onVoteLogGrowth(() => (rings += 1))
      await expect
        .poll(
          async () =>
            (await executeHere(`SELECT FROM pg_stat_activity WHERE application_name LIKE '%doorbell'`)).length,
          { timeout: 10_000 },
        )
        .toBeGreaterThan(0)
      await store.recordVote(voteOn(await readyBattle(arena)))
      await expect.poll(() => rings, { timeout: 10_000 }).toBeGreaterThan(0)
      stop()
    })
  })

  describe('a commit whose answer is lost', () => {
    test('is found again: each vote is recorded, once', async () => {
      const { hostname, port } = new URL(url)
      const proxy = await startTcpProxy({ host: hostname, port: Number(port) })
      const through = new URL(url)
      through.port = String(proxy.port)
      const node = await open(through.href)
      for (let round = 1; round <= 5; round += 1) {
        const battles = await Promise.all(Array.from({ length: 20 }, () => readyBattle({ ...arena, store: node })))
        const votes = battles.map((battle) => voteOn(battle))
        proxy.cutAfter('COMMIT')
        const results = await Promise.all(votes.map((vote) => node.recordVote(vote)))
        expect(proxy.cuts).toBe(round)
        expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['recorded']))
        expect(await countEntries(votes.map(({ id }) => id))).toBe(20)
      }
      const vote = voteOn(await readyBattle({ ...arena, store: node }))
      await node.recordVote(vote)
      proxy.cutAfter('COMMIT')
      expect(await node.recordWithdrawal(withdrawalOf(vote))).toMatchObject({ kind: 'withdrawn' })
      await node.close()
      await proxy.close()
    }, 60_000)

    test('is an error to a client that only sends and waits, although the row is there', async () => {
      const { hostname, port } = new URL(url)
      const proxy = await startTcpProxy({ host: hostname, port: Number(port) })
      const through = new URL(url)
      through.port = String(proxy.port)
      const plain = new pg.Client({ connectionString: through.href })
      plain.on('error', () => undefined)
      await plain.connect()
      await executeHere('CREATE TABLE control (id int)')
      await plain.query('BEGIN')
      await plain.query('INSERT INTO control VALUES (1)')
      proxy.cutAfter('COMMIT')
      await expect(plain.query('COMMIT')).rejects.toThrow()
      await expect.poll(async () => (await executeHere('SELECT FROM control')).length).toBe(1)
      await plain.end().catch(() => undefined)
      await proxy.close()
    })

    test('is told as unknown when the database stays away, and the same vote settles it later', async () => {
      const { hostname, port } = new URL(url)
      const proxy = await startTcpProxy({ host: hostname, port: Number(port) })
      const through = new URL(url)
      through.port = String(proxy.port)
      const node = await open(through.href)
      const vote = voteOn(await readyBattle({ ...arena, store: node }))
      proxy.cutAfter('COMMIT')
      const answer = node.recordVote(vote)
      await expect.poll(() => proxy.cuts, { interval: 5 }).toBe(1)
      await proxy.close()
      await expect(answer).rejects.toMatchObject({ name: 'StoreError', reason: 'unknown' })
      await node.close()
      expect(await store.recordVote(vote)).toMatchObject({ kind: 'repeated' })
      expect(await countEntries([vote.id])).toBe(1)
    }, 60_000)
  })

  describe('a server that fails', () => {
    test('backends that are terminated under load cost no vote and no process', async () => {
      const name = new URL(url).pathname.slice(1)
      const battles = await Promise.all(Array.from({ length: 200 }, () => readyBattle(arena)))
      const votes = battles.map((battle) => voteOn(battle))
      let isVoting = true
      const killer = (async () => {
        while (isVoting) {
          await executeHere(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}' AND pid <> pg_backend_pid()`,
          )
          await new Promise((resolve) => setTimeout(resolve, 40))
        }
      })()
      const kinds = new Set<string>()
      for (let start = 0; start < votes.length; start += 10) {
        const results = await Promise.all(votes.slice(start, start + 10).map((vote) => store.recordVote(vote)))
        for (const { kind } of results) kinds.add(kind)
      }
      isVoting = false
      await killer
      expect([...kinds]).toEqual(['recorded'])
      expect(await countEntries(votes.map(({ id }) => id))).toBe(200)
    }, 60_000)

    test.skipIf(!server.isOurs)(
      'a crash of the whole server under load loses no acknowledged vote',
      async () => {
        const battles = await Promise.all(Array.from({ length: 300 }, () => readyBattle(arena)))
        const acknowledged: string[] = []
        const crash = new Promise((resolve) => setTimeout(resolve, 30)).then(() => server.crash())
        const results = await Promise.allSettled(
          battles.map(async (battle, at) => {
            await new Promise((resolve) => setTimeout(resolve, at * 3))
            const vote = voteOn(battle)
            await store.recordVote(vote)
            acknowledged.push(vote.id)
          }),
        )
        await crash
        expect(acknowledged.length).toBeGreaterThan(0)
        expect(await countEntries(acknowledged)).toBe(acknowledged.length)
        const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.name] : []))
        expect(reasons.filter((reason) => reason !== 'StoreError')).toEqual([])
        await expect.poll(async () => (await store.checkHealth()).writable, { timeout: 20_000 }).toBe(true)
      },
      60_000,
    )

    test('a database that is out of reach is told within a bounded time, and health says so', async () => {
      const { hostname, port } = new URL(url)
      const proxy = await startTcpProxy({ host: hostname, port: Number(port) })
      const through = new URL(url)
      through.port = String(proxy.port)
      const node = await open(through.href)
      const battle = await readyBattle({ ...arena, store: node })
      await proxy.close()
      const vote = voteOn(battle)
      await expect(node.recordVote(vote)).rejects.toMatchObject({ name: 'StoreError', reason: 'unavailable' })
      expect(await node.checkHealth()).toMatchObject({ writable: false, needsRestart: false })
      expect(await countEntries([vote.id])).toBe(0)
      await node.close()
    }, 60_000)
  })

  describe('several nodes', () => {
    test('of votes cast on two nodes at the same moment one per battle is counted', async () => {
      const other = await open(url, 'node-two')
      const voters = await Promise.all(
        Array.from({ length: 50 }, async () => ({ ...arena, voterId: await recordVoter(store) })),
      )
      const battles = await Promise.all(voters.map((voter) => readyBattle(voter)))
      const results = await Promise.all(
        battles.flatMap((battle) => [store.recordVote(voteOn(battle, 'a')), other.recordVote(voteOn(battle, 'b'))]),
      )
      const kinds = results.map(({ kind }) => kind)
      expect(kinds.filter((kind) => kind === 'recorded')).toHaveLength(50)
      expect(kinds.filter((kind) => kind === 'already-voted')).toHaveLength(50)
      await other.close()
    })

    test('the same vote sent to two nodes is one vote', async () => {
      const other = await open(url, 'node-two')
      const votes = await Promise.all(Array.from({ length: 30 }, async () => voteOn(await readyBattle(arena))))
      const results = await Promise.all(votes.flatMap((vote) => [store.recordVote(vote), other.recordVote(vote)]))
      const kinds = results.map(({ kind }) => kind)
      expect(kinds.filter((kind) => kind === 'recorded')).toHaveLength(30)
      expect(kinds.filter((kind) => kind === 'repeated')).toHaveLength(30)
      expect(await countEntries(votes.map(({ id }) => id))).toBe(30)
      await other.close()
    })
  })

  test('a backup names the tool that makes one', async () => {
    await expect(store.backup('/tmp/arena.dump')).rejects.toMatchObject({ message: expect.stringContaining('pg_dump') })
    await expect(restoreStore({ dataDir: '/nowhere', databaseUrl: url }, '/tmp/arena.dump')).rejects.toMatchObject({
      message: expect.stringContaining('pg_restore'),
    })
  })
}

/** Follows the log the way one would at first: positions after the last one seen. */
class NaiveFollower {
  readonly seen = new Set<string>()
  readonly #client: pg.Client
  readonly #ready: Promise<unknown>
  #last = 0

  constructor(url: string) {
    this.#client = new pg.Client({ connectionString: url })
    this.#ready = this.#client.connect()
  }

  async look(): Promise<void> {
    await this.#ready
    const { rows } = await this.#client.query<{ id: string; position: number }>(
      'SELECT id, position::int AS position FROM vote_log WHERE position > $1 ORDER BY position',
      [this.#last],
    )
    for (const { id, position } of rows) {
      this.seen.add(id)
      this.#last = position
    }
  }

  close(): Promise<void> {
    return this.#client.end()
  }
}
