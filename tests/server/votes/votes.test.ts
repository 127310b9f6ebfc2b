import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Clock } from '../../../server/clock.ts'
import { clientId } from '../../support/arena-client.ts'
import { testArena, type TestArena } from '../../support/test-arena.ts'

/** A wall clock that a test can move; waits go by real time. */
const clock: Clock & { offsetMs: number } = {
  offsetMs: 0,
  now: () => Date.now() + clock.offsetMs,
  monotonicMs: () => performance.now(),
}

let arena: TestArena
beforeEach(async () => {
  clock.offsetMs = 0
  arena = await testArena({ settings: { SAMPLE_ARENA: 'on' }, clock })
})
afterEach(() => arena.close())

describe('a vote', () => {
  test('reveals both names, counts once and moves the leaderboard', async () => {
    const client = await arena.join()
    expect((await client.leaderboard()).rows).toEqual([])
    const battle = await client.start()
    const { reveal, vote } = await client.vote(battle, 'a')
    expect(vote).toMatchObject({ outcome: 'a', counted: true, mark: null })
    expect(reveal.a).toMatchObject({ sample: true, preliminary: true })
    expect(reveal.a.change).toBeGreaterThan(0)
    await expect.poll(async () => (await client.leaderboard()).votes).toBe(1)
    const { rows } = await client.leaderboard()
    expect(rows.map(({ model }) => model)).toEqual([reveal.a.name, reveal.b.name])
    // What the voter was told is what the board then says.
    expect(reveal.a.rating).toBeCloseTo(rows[0]?.rating ?? 0, -1)
  })

  test('sent twice with one id is one vote with one answer', async () => {
    const client = await arena.join()
    const battle = await client.start()
    const voteId = clientId()
    const first = await client.vote(battle, 'b', voteId)
    const again = await client.vote(battle, 'b', voteId)
    expect(again.vote).toMatchObject({ voteId, outcome: 'b' })
    expect([again.reveal.a.name, again.reveal.b.name]).toEqual([first.reveal.a.name, first.reveal.b.name])
    await expect.poll(async () => (await client.leaderboard()).votes).toBe(1)
  })

  test('with a used id and another outcome is refused', async () => {
    const client = await arena.join()
    const battle = await client.start()
    const voteId = clientId()
    await client.vote(battle, 'b', voteId)
    await expect(client.vote(battle, 'a', voteId)).rejects.toThrow('vote/conflicting-id')
  })

  test('is the only one of its voter on that battle, however many tabs try at once', async () => {
    const client = await arena.join()
    const battle = await client.start()
    const tabs = await Promise.all(Array.from({ length: 8 }, () => client.secondTab()))
    const tries = await Promise.allSettled(tabs.map((tab, index) => tab.vote(battle, index % 2 ? 'a' : 'b')))
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const attempt of tries)
      if (attempt.status === 'rejected') expect(attempt.reason).toEqual(new Error('vote/already-voted'))
    for (const tab of tabs) tab.drop()
    await expect.poll(async () => (await client.leaderboard()).votes).toBe(1)
  })

  test('cannot be cast on what does not exist or is not one’s own', async () => {
    const [owner, stranger] = [await arena.join(), await arena.join()]
    const battle = await owner.start()
    await expect(stranger.vote(battle, 'a')).rejects.toThrow('battle/not-found')
    await expect(owner.vote({ ...battle, id: 'AAAAAAAAAAAAAAAAAAAAAA' }, 'a')).rejects.toThrow('battle/not-found')
    await expect(owner.vote({ id: battle.id, turns: [{ turn: 2, generation: 1 }] }, 'a')).rejects.toThrow(
      'vote/outdated',
    )
  })

  test('is seen again after a reload, names and all', async () => {
    const client = await arena.join()
    const battle = await client.start()
    const { reveal, vote } = await client.vote(battle, 'tie')
    const view = await client.resume(battle.id)
    expect(view).toMatchObject({ status: 'revealed', vote: { voteId: vote.voteId, outcome: 'tie' } })
    expect(view.status === 'revealed' && view.reveal.a.name).toBe(reveal.a.name)
  })
})

describe('taking a vote back', () => {
  test('within a minute adds an entry that supersedes it, and the board forgets it', async () => {
    const client = await arena.join()
    const battle = await client.start()
    const { vote } = await client.vote(battle, 'a')
    await expect.poll(async () => (await client.leaderboard()).votes).toBe(1)
    await client.withdraw(vote.voteId)
    await expect.poll(async () => (await client.leaderboard()).votes).toBe(0)
    const board = await client.leaderboard()
    expect(board.rows).toEqual([])
    expect(board.notCounted.withdrawn).toBe(1)
    const log = await arena.store.readVoteLog(null, 10)
    expect(log.entries.map(({ kind, supersedes }) => [kind, supersedes])).toEqual([
      ['vote', null],
      ['withdrawal', vote.voteId],
    ])
  })

  test('after a minute is refused, also when the clock of the server jumps', async () => {
    const client = await arena.join()
    const battle = await client.start()
    const { vote } = await client.vote(battle, 'a')
    clock.offsetMs = 61_000
    await expect(client.withdraw(vote.voteId)).rejects.toThrow('vote/too-late')
  })

  test('works for the last vote only, once, and never for somebody else', async () => {
    const [client, stranger] = [await arena.join(), await arena.join()]
    const first = await client.vote(await client.start(), 'a')
    const second = await client.vote(await client.start(), 'b')
    await expect(client.withdraw(first.vote.voteId)).rejects.toThrow('vote/too-late')
    await expect(stranger.withdraw(second.vote.voteId)).rejects.toThrow('vote/not-found')
    const id = clientId()
    await client.withdraw(second.vote.voteId, id)
    await client.withdraw(second.vote.voteId, id)
    await expect(client.withdraw(second.vote.voteId)).rejects.toThrow('vote/too-late')
  })

  test('a new vote on the same battle is kept but not counted: the names were known', async () => {
    const client = await arena.join()
    const battle = await client.start()
    const { vote } = await client.vote(battle, 'a')
    await client.withdraw(vote.voteId)
    const again = await client.vote(battle, 'b')
    expect(again.vote).toMatchObject({ counted: false, mark: 'revealed' })
    await expect.poll(async () => (await client.leaderboard()).notCounted.revealed).toBe(1)
    expect((await client.leaderboard()).votes).toBe(0)
  })
})

test('a voter can cast only so many votes a minute', async () => {
  const limited = await testArena({ settings: { SAMPLE_ARENA: 'on', VOTES_PER_MINUTE: '2' } })
  const client = await limited.join()
  await client.vote(await client.start(), 'a')
  await client.vote(await client.start(), 'a')
  await expect(client.vote(await client.start(), 'a')).rejects.toThrow('request/too-many')
  await limited.close()
})
