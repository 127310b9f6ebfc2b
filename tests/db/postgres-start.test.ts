import { describe, expect, test } from 'vitest'
import { readMigrations } from '../../db/migrations.ts'
import { openVoteLogReader, restoreStore } from '../../db/open-store.ts'
import { executeOn } from '../support/postgres.ts'
import { readLog, readyBattle, setUpArena, voteOn } from './arena-facts.ts'
import { describeServerArena, openOn } from './server-arena.ts'

await describeServerArena('an arena on a server that starts', (given) => {
  describe('the start', () => {
    test('servers that start together on an empty database all come up, and one of them made the tables', async () => {
      const fresh = await given.server.createDatabase()
      const nodes = await Promise.all([1, 2, 3, 4].map((node) => openOn(fresh, `node-${node}`)))
      const [row] = await executeOn(fresh, 'SELECT count(*)::int AS n FROM ringside_migrations')
      expect(row?.n).toBe(readMigrations('postgres').length)
      await Promise.all(nodes.map((node) => node.close()))
    })

    test('a database that acknowledges before its disk does is refused with the setting to change', async () => {
      const fresh = await given.server.createDatabase()
      const name = new URL(fresh).pathname.slice(1)
      await executeOn(fresh, `ALTER DATABASE ${name} SET synchronous_commit = off`)
      await expect(openOn(fresh)).rejects.toMatchObject({
        name: 'StoreError',
        reason: 'unavailable',
        message: expect.stringContaining('synchronous_commit is off'),
      })
      await executeOn(fresh, `ALTER DATABASE ${name} RESET synchronous_commit`)
      await (await openOn(fresh)).close()
    })

    test('a connection that is made later is asked as well', async () => {
      const fresh = await given.server.createDatabase()
      const name = new URL(fresh).pathname.slice(1)
      const node = await openOn(fresh)
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
      const fresh = await given.server.createDatabase()
      await (await openOn(fresh)).close()
      await executeOn(fresh, `INSERT INTO ringside_migrations (name, applied_at) VALUES ('9999_future', now())`)
      await expect(openOn(fresh)).rejects.toMatchObject({ reason: 'newer-schema' })
    })

    test('a log restored from another server is readable, in the order it had', async () => {
      const fresh = await given.server.createDatabase()
      const first = await openOn(fresh)
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
      const again = await openOn(fresh)
      const expected = [ids[0], ids[1], ids[2], ids[4], ids[3]]
      expect((await readLog(again, 5)).map(({ id }) => id)).toEqual(expected)
      const vote = voteOn(await readyBattle({ ...there, store: again }))
      await again.recordVote(vote)
      expect((await readLog(again, 6)).map(({ id }) => id)).toEqual([...expected, vote.id])
      await again.close()
    })
  })

  test('a backup names the tool that makes one', async () => {
    await expect(given.store.backup('/tmp/arena.dump')).rejects.toMatchObject({
      message: expect.stringContaining('pg_dump'),
    })
    await expect(
      restoreStore({ dataDir: '/nowhere', databaseUrl: given.url }, '/tmp/arena.dump'),
    ).rejects.toMatchObject({
      message: expect.stringContaining('pg_restore'),
    })
  })
})
