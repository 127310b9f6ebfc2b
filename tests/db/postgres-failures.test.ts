import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { readyBattle, recordVoter, voteOn, withdrawalOf } from './arena-facts.ts'
import { connectTo, describeServerArena, openOn, startProxyTo } from './server-arena.ts'

await describeServerArena('an arena on a server that fails', (given) => {
  describe('a commit whose answer is lost', () => {
    test('is found again: each vote is recorded, once', async () => {
      const proxy = await startProxyTo(given.url)
      const node = await openOn(proxy.url)
      for (let round = 1; round <= 5; round += 1) {
        const battles = await Promise.all(
          Array.from({ length: 20 }, () => readyBattle({ ...given.arena, store: node })),
        )
        const votes = battles.map((battle) => voteOn(battle))
        proxy.cutAfter('COMMIT')
        const results = await Promise.all(votes.map((vote) => node.recordVote(vote)))
        expect(proxy.cuts).toBe(round)
        expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['recorded']))
        expect(await given.countEntries(votes.map(({ id }) => id))).toBe(20)
      }
      const vote = voteOn(await readyBattle({ ...given.arena, store: node }))
      await node.recordVote(vote)
      proxy.cutAfter('COMMIT')
      expect(await node.recordWithdrawal(withdrawalOf(vote))).toMatchObject({ kind: 'withdrawn' })
      await node.close()
      await proxy.close()
    }, 60_000)

    test('is an error to a client that only sends and waits, although the row is there', async () => {
      const proxy = await startProxyTo(given.url)
      const plain = new pg.Client({ connectionString: proxy.url })
      plain.on('error', () => undefined)
      await plain.connect()
      await given.execute('CREATE TABLE control (id int)')
      await plain.query('BEGIN')
      await plain.query('INSERT INTO control VALUES (1)')
      proxy.cutAfter('COMMIT')
      await expect(plain.query('COMMIT')).rejects.toThrow()
      await expect.poll(async () => (await given.execute('SELECT FROM control')).length).toBe(1)
      await plain.end().catch(() => undefined)
      await proxy.close()
    })

    test('is told as unknown when the database stays away, and the same vote settles it later', async () => {
      const proxy = await startProxyTo(given.url)
      const node = await openOn(proxy.url)
      const vote = voteOn(await readyBattle({ ...given.arena, store: node }))
      proxy.cutAfter('COMMIT')
      const answer = node.recordVote(vote)
      await expect.poll(() => proxy.cuts, { interval: 5 }).toBe(1)
      await proxy.close()
      await expect(answer).rejects.toMatchObject({ name: 'StoreError', reason: 'unknown' })
      await node.close()
      expect(await given.store.recordVote(vote)).toMatchObject({ kind: 'repeated' })
      expect(await given.countEntries([vote.id])).toBe(1)
    }, 60_000)
  })

  describe('a server that fails', () => {
    test('backends that are terminated under load cost no vote and no process', async () => {
      const name = new URL(given.url).pathname.slice(1)
      const battles = await Promise.all(Array.from({ length: 200 }, () => readyBattle(given.arena)))
      const votes = battles.map((battle) => voteOn(battle))
      let isVoting = true
      const killer = (async () => {
        while (isVoting) {
          await given.execute(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}' AND pid <> pg_backend_pid()`,
          )
          await new Promise((resolve) => setTimeout(resolve, 40))
        }
      })()
      const kinds = new Set<string>()
      for (let start = 0; start < votes.length; start += 10) {
        const results = await Promise.all(votes.slice(start, start + 10).map((vote) => given.store.recordVote(vote)))
        for (const { kind } of results) kinds.add(kind)
      }
      isVoting = false
      await killer
      expect([...kinds]).toEqual(['recorded'])
      expect(await given.countEntries(votes.map(({ id }) => id))).toBe(200)
    }, 60_000)

    test.skipIf(!given.server.isOurs)(
      'a crash of the whole server under load loses no acknowledged vote',
      async () => {
        const battles = await Promise.all(Array.from({ length: 300 }, () => readyBattle(given.arena)))
        const acknowledged: string[] = []
        const crash = new Promise((resolve) => setTimeout(resolve, 30)).then(() => given.server.crash())
        const results = await Promise.allSettled(
          battles.map(async (battle, at) => {
            await new Promise((resolve) => setTimeout(resolve, at * 3))
            const vote = voteOn(battle)
            await given.store.recordVote(vote)
            acknowledged.push(vote.id)
          }),
        )
        await crash
        expect(acknowledged.length).toBeGreaterThan(0)
        expect(await given.countEntries(acknowledged)).toBe(acknowledged.length)
        const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.name] : []))
        expect(reasons.filter((reason) => reason !== 'StoreError')).toEqual([])
        await expect.poll(async () => (await given.store.checkHealth()).writable, { timeout: 20_000 }).toBe(true)
      },
      60_000,
    )

    test('a database that is out of reach is told within a bounded time, and health says so', async () => {
      const proxy = await startProxyTo(given.url)
      const node = await openOn(proxy.url)
      const battle = await readyBattle({ ...given.arena, store: node })
      await proxy.close()
      const vote = voteOn(battle)
      await expect(node.recordVote(vote)).rejects.toMatchObject({ name: 'StoreError', reason: 'unavailable' })
      expect(await node.checkHealth()).toMatchObject({ writable: false, needsRestart: false })
      expect(await given.countEntries([vote.id])).toBe(0)
      await node.close()
    }, 60_000)

    test('a line that carries nothing and does not break is noticed, and nothing is acknowledged over it', async () => {
      const proxy = await startProxyTo(given.url)
      const node = await openOn(proxy.url)
      const vote = voteOn(await readyBattle({ ...given.arena, store: node }))
      proxy.freeze()
      await expect(node.recordVote(vote)).rejects.toMatchObject({ name: 'StoreError' })
      expect(await given.countEntries([vote.id])).toBe(0)
      proxy.thaw()
      expect(await node.recordVote(vote)).toMatchObject({ kind: 'recorded' })
      await node.close()
      await proxy.close()
    }, 90_000)

    test.skipIf(!given.server.isOurs)(
      'a server without a free connection is named as the reason',
      async () => {
        const taken: pg.Client[] = []
        let isTaking = true
        let refused = 0
        const taking = (async () => {
          // Also those that others give back meanwhile.
          while (isTaking) {
            await connectTo(given.url).then(
              (client) => taken.push(client),
              () => (refused += 1),
            )
          }
        })()
        await expect.poll(() => refused, { timeout: 20_000 }).toBeGreaterThan(0)
        const refusal = await openOn(given.url).catch((error: unknown) => error)
        isTaking = false
        await taking
        for (const client of taken) await client.end()
        expect(refusal).toMatchObject({ name: 'StoreError', reason: 'busy' })
        expect(String(refusal)).toContain('max_connections')
        await (await openOn(given.url)).close()
      },
      60_000,
    )
  })

  describe('several nodes', () => {
    test('of votes cast on two nodes at the same moment one per battle is counted', async () => {
      const other = await openOn(given.url, 'node-two')
      const voters = await Promise.all(
        Array.from({ length: 50 }, async () => ({ ...given.arena, voterId: await recordVoter(given.store) })),
      )
      const battles = await Promise.all(voters.map((voter) => readyBattle(voter)))
      const results = await Promise.all(
        battles.flatMap((battle) => [
          given.store.recordVote(voteOn(battle, 'a')),
          other.recordVote(voteOn(battle, 'b')),
        ]),
      )
      const kinds = results.map(({ kind }) => kind)
      expect(kinds.filter((kind) => kind === 'recorded')).toHaveLength(50)
      expect(kinds.filter((kind) => kind === 'already-voted')).toHaveLength(50)
      await other.close()
    })

    test('the same vote sent to two nodes is one vote', async () => {
      const other = await openOn(given.url, 'node-two')
      const votes = await Promise.all(Array.from({ length: 30 }, async () => voteOn(await readyBattle(given.arena))))
      const results = await Promise.all(votes.flatMap((vote) => [given.store.recordVote(vote), other.recordVote(vote)]))
      const kinds = results.map(({ kind }) => kind)
      expect(kinds.filter((kind) => kind === 'recorded')).toHaveLength(30)
      expect(kinds.filter((kind) => kind === 'repeated')).toHaveLength(30)
      expect(await given.countEntries(votes.map(({ id }) => id))).toBe(30)
      await other.close()
    })
  })
})
