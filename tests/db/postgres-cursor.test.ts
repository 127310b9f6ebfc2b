import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { openVoteLogReader } from '../../db/open-store.ts'
import type { LoggedVote, NewBattle, VoteLogCursor } from '../../db/store.ts'
import { readLog, readyBattle, setUpArena, voteOn } from './arena-facts.ts'
import { connectTo, describeServerArena, openOn } from './server-arena.ts'

await describeServerArena('the log on a server', (given) => {
  describe('the cursor', () => {
    test('a commit that comes late is still read, and no entry is skipped or read twice', async () => {
      const fresh = await given.server.createDatabase()
      const node = await openOn(fresh)
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
      const slow = await connectTo(given.url)
      await slow.query('BEGIN')
      await slow.query('SELECT pg_current_xact_id()')
      const before = (await readLog(given.store, 0)).length
      let lengthAtRing = 0
      const stop = given.store.onVoteLogGrowth(() => {
        void readLog(given.store, 0).then((log) => (lengthAtRing = Math.max(lengthAtRing, log.length)))
      })
      await given.store.recordVote(voteOn(await readyBattle(given.arena)))
      await expect
        .poll(async () => (await given.store.checkHealth()).gauges.logLagMs, { timeout: 10_000 })
        .toBeGreaterThan(0)
      expect((await readLog(given.store, 0)).length).toBe(before)
      await slow.query('ROLLBACK')
      await expect.poll(() => lengthAtRing, { timeout: 10_000 }).toBe(before + 1)
      await expect.poll(async () => (await given.store.checkHealth()).gauges.logLagMs, { timeout: 10_000 }).toBe(0)
      stop()
      await slow.end()
    })

    test('a doorbell whose connection was cut listens again', async () => {
      await given.execute(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE '%doorbell'`,
      )
      let rings = 0
      const stop = given.store.onVoteLogGrowth(() => (rings += 1))
      await expect
        .poll(
          async () =>
            (await given.execute(`SELECT FROM pg_stat_activity WHERE application_name LIKE '%doorbell'`)).length,
          { timeout: 10_000 },
        )
        .toBeGreaterThan(0)
      await given.store.recordVote(voteOn(await readyBattle(given.arena)))
      await expect.poll(() => rings, { timeout: 10_000 }).toBeGreaterThan(0)
      stop()
    })
  })
})

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
