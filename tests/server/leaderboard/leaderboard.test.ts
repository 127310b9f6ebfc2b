import { afterEach, beforeEach, expect, test } from 'vitest'
import { testArena, type TestArena } from '../../support/test-arena.ts'

let arena: TestArena
beforeEach(async () => {
  arena = await testArena({ settings: { SAMPLE_ARENA: 'on', VOTES_PER_MINUTE: '100000' } })
})
afterEach(() => arena.close())

test('a board without votes shows no numbers', async () => {
  const client = await arena.join()
  expect(await client.leaderboard()).toMatchObject({ votes: 0, rows: [], lastVoteAt: null, logCursor: null })
  const unknown = await fetch(`${arena.url}/api/v1/leaderboard?arena=nowhere`)
  expect(unknown.status).toBe(404)
  const bad = await fetch(`${arena.url}/api/v1/leaderboard?arena=Text!`)
  expect(bad.status).toBe(400)
  expect(await bad.json()).toMatchObject({
    error: { code: 'request/invalid', message: expect.stringContaining('arena') },
  })
})

test('a watcher hears of a vote without asking, and its rows are those of the page', async () => {
  const [voter, reader] = [await arena.join(), await arena.join()]
  reader.send({ type: 'leaderboard-watch', arena: 'text', category: 'overall', version: 0 })
  const heard = reader.next('leaderboard-changed')
  await voter.vote(await voter.start(), 'a')
  const change = await heard
  const board = await reader.leaderboard()
  expect(change).toMatchObject({ since: 0, votes: 1, version: board.version })
  expect(change.rows).toEqual(board.rows)
})

test('votes appear on the boards of their categories and languages', async () => {
  const client = await arena.join()
  for (let count = 0; count < 12; count += 1) await client.vote(await client.start({ language: 'ru' }), 'a')
  await expect.poll(async () => (await client.leaderboard()).votes).toBe(12)
  const { categories } = await client.leaderboard()
  expect(categories[0]).toEqual({ category: 'overall', votes: 12 })
  expect(categories).toContainEqual({ category: 'language-ru', votes: 12 })
  expect(categories.find(({ category }) => category === 'language-en')).toBeUndefined()
  const topics = categories.filter(({ category }) => !category.startsWith('language') && category !== 'overall')
  expect(topics.length).toBeGreaterThan(0)
  const [topic] = topics
  expect((await client.leaderboard(topic?.category)).votes).toBe(topic?.votes)
})

test('the board after a restart is the board before it, to the last digit', async () => {
  const client = await arena.join()
  const outcomes = ['a', 'b', 'tie', 'both_bad', 'a'] as const
  for (let count = 0; count < 60; count += 1) await client.vote(await client.start(), outcomes[count % 5] ?? 'a')
  await expect.poll(async () => (await client.leaderboard()).votes).toBe(60)
  const before = await client.leaderboard()
  const { dataDir } = arena
  await client.close()
  await arena.app.close()
  // A second arena on a copy of the folder would do as well; this one reads the very same log.
  const entries = (await arena.store.readVoteLog(null, 1_000)).entries
  expect(entries).toHaveLength(60)
  await arena.store.close()
  const again = await testArena({ dataDir, settings: { SAMPLE_ARENA: 'on' } })
  const reader = await again.join()
  const after = await reader.leaderboard()
  expect(after.votes).toBe(60)
  for (const [index, row] of before.rows.entries()) {
    const other = after.rows[index]
    expect(other?.model).toBe(row.model)
    expect(Math.abs((other?.rating ?? 0) - row.rating)).toBeLessThan(1e-9)
    expect(other?.elo).toBe(row.elo)
  }
  await again.close()
})

test('an unchanged board is not sent again', async () => {
  const first = await fetch(`${arena.url}/api/v1/leaderboard`)
  const etag = first.headers.get('etag') ?? ''
  const second = await fetch(`${arena.url}/api/v1/leaderboard`, { headers: { 'if-none-match': etag } })
  expect(second.status).toBe(304)
})
