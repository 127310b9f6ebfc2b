import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startPostgres, type PostgresServer } from '../support/postgres.ts'
import { testArena, type TestArena } from '../support/test-arena.ts'

const postgres = await startPostgres()
const reason = 'skipReason' in postgres ? postgres.skipReason : undefined

describe.skipIf(reason)(`the server on PostgreSQL${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let server: PostgresServer
  let arena: TestArena

  beforeAll(async () => {
    if ('skipReason' in postgres) return
    server = postgres
    arena = await testArena({ settings: { DATABASE_URL: await server.createDatabase(), SAMPLE_ARENA: 'on' } })
  })
  afterAll(async () => {
    await arena.close()
    await server.stop()
  })

  test('opens a pair, takes one vote, reveals and ranks', async () => {
    const client = await arena.join()
    const battle = await client.start({ language: 'ru' })
    expect(battle).toMatchObject({ kind: 'prepared', status: 'ready' })
    const { reveal, vote } = await client.vote(battle, 'b')
    await expect(client.vote(battle, 'a')).rejects.toThrow('vote/already-voted')
    await expect.poll(async () => (await client.leaderboard()).votes).toBe(1)
    expect((await client.leaderboard()).rows[0]?.model).toBe(reveal.b.name)
    await client.withdraw(vote.voteId)
    await expect.poll(async () => (await client.leaderboard()).votes).toBe(0)
  })

  test('two nodes on one database see each other’s votes', async () => {
    const other = await testArena({ settings: { ...arena.settings } })
    const [here, there] = [await arena.join(), await other.join()]
    there.send({
      type: 'leaderboard-watch',
      arena: 'text',
      category: 'overall',
      version: (await there.leaderboard()).version,
    })
    const before = (await there.leaderboard()).votes
    const heard = there.next('leaderboard-changed', ({ votes }) => votes === before + 1)
    await here.vote(await here.start(), 'tie')
    await heard
    await other.close()
  })
})
