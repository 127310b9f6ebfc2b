import { describe, expect, test } from 'vitest'
import type { Board, RankedRow } from '../../ranking/board.ts'
import { createLiveBoard, type LiveBoardOptions, type LiveVote } from '../../ranking/live-board.ts'
import { movement } from '../../ranking/movement.ts'
import { createRandom } from '../../ranking/random.ts'
import { onlineElo } from '../../ranking/rank-elo.ts'
import { rankVotes } from '../../ranking/rank-votes.ts'
import { DEFAULT_ELO } from '../../ranking/online-elo.ts'
import { asLiveVotes, simulateArena } from './support/simulated-arena.ts'

const arena = simulateArena({ models: 12, votes: 3000, seed: 5, voters: 60, taste: 0.4 })
const liveVotes = asLiveVotes(arena)
const batch = rankVotes(arena.votes, { clusters: { name: 'voter', of: arena.voter } })

function boardOf(votes: readonly LiveVote[], options?: LiveBoardOptions): Board {
  const live = createLiveBoard(options)
  for (const vote of votes) live.add(vote)
  return live.refit()
}

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = createRandom(seed)
  return items
    .map((item) => ({ item, key: random.uniform() }))
    .toSorted((x, y) => x.key - y.key)
    .map(({ item }) => item)
}

/** Everything but online Elo, which depends on the order by its nature, and the number of steps. */
function expectSameBoard(actual: Board, expected: Pick<Board<RankedRow>, 'rows' | 'votes'>): void {
  expect(actual.converged).toBe(true)
  expect(actual.votes).toBe(expected.votes)
  expect(actual.rows).toHaveLength(expected.rows.length)
  expected.rows.forEach((row, k) => {
    const mine = actual.rows[k]
    expect(mine).toMatchObject({
      model: row.model,
      rank: row.rank,
      rankLower: row.rankLower,
      rankUpper: row.rankUpper,
      rankArena: row.rankArena,
      votes: row.votes,
      wins: row.wins,
      losses: row.losses,
      ties: row.ties,
      bothBad: row.bothBad,
      provisional: row.provisional,
    })
    for (const field of ['rating', 'se', 'lower', 'upper', 'winRate'] as const) {
      expect(Math.abs((mine?.[field] ?? Number.NaN) - row[field])).toBeLessThan(1e-9)
    }
  })
}

describe('a live board', () => {
  test('equals the batch fit of the same votes', () => {
    expectSameBoard(boardOf(liveVotes), batch)
  })

  test.each([1, 2, 3])('does not care in which order votes arrived (%i)', (seed) => {
    expectSameBoard(boardOf(shuffled(liveVotes, seed)), batch)
  })

  test('equals the batch fit after refits in between, from a warm start', () => {
    const live = createLiveBoard()
    const random = createRandom(8)
    for (const vote of shuffled(liveVotes, 4)) {
      live.add(vote)
      if (random.uniform() < 0.02) expect(live.refit().converged).toBe(true)
    }
    expectSameBoard(live.refit(), batch)
  })

  test('forgets a withdrawn vote entirely', () => {
    const live = createLiveBoard()
    for (const vote of liveVotes.slice(0, 100)) live.add(vote)
    const strange = { a: 3, b: 40, outcome: 'both_bad', voter: 999 } as const
    live.add(strange)
    live.refit()
    for (const vote of liveVotes.slice(100)) live.add(vote)
    expect(live.refit().models).toBe(13)
    expect(live.remove(strange)).toBe(true)
    const board = live.refit()
    expectSameBoard(board, batch)
    const elo = onlineElo(arena.votes, DEFAULT_ELO)
    for (const row of board.rows) expect(row.elo).toBe(elo[row.model])
  })

  test('withdraws only what was cast', () => {
    const live = createLiveBoard()
    live.add({ a: 0, b: 1, outcome: 'a', voter: 7 })
    expect(live.remove({ a: 0, b: 1, outcome: 'b', voter: 7 })).toBe(false)
    expect(live.remove({ a: 1, b: 0, outcome: 'a', voter: 7 })).toBe(false)
    expect(live.remove({ a: 0, b: 1, outcome: 'a', voter: 8 })).toBe(false)
    expect(live.votes).toBe(1)
    expect(live.remove({ a: 0, b: 1, outcome: 'a', voter: 7 })).toBe(true)
    expect(live.remove({ a: 0, b: 1, outcome: 'a', voter: 7 })).toBe(false)
    expect(live.refit()).toMatchObject({ votes: 0, models: 0, rows: [] })
  })

  test('replays online Elo from a checkpoint when an old vote of a long log is withdrawn', () => {
    const long = simulateArena({ models: 5, votes: 140_000, seed: 9 })
    const live = createLiveBoard({ cluster: 'none' })
    const votes = asLiveVotes(long)
    for (const vote of votes) live.add(vote)
    live.refit()
    const at = 70_123
    const marked = { ...(votes[at] ?? { a: 0, b: 1, outcome: 'a' as const }), voter: 12_345 }
    const other = createLiveBoard({ cluster: 'none' })
    votes.forEach((vote, v) => other.add(v === at ? marked : vote))
    other.refit()
    other.remove(marked)
    const outcome = long.votes.outcome.slice()
    outcome[at] = 255
    const expected = onlineElo({ ...long.votes, outcome }, DEFAULT_ELO)
    for (const row of other.refit().rows) expect(row.elo).toBe(expected[row.model])
  })

  test('lets new models in at any time', () => {
    const live = createLiveBoard({ cluster: 'none' })
    for (const vote of asLiveVotes(simulateArena({ models: 4, votes: 400, seed: 21 }))) live.add(vote)
    expect(live.refit().models).toBe(4)
    live.add({ a: 50, b: 0, outcome: 'a', voter: 0 })
    const newcomer = live.refit().rows.find((row) => row.model === 50)
    expect(newcomer).toMatchObject({ votes: 1, provisional: 'only-wins', preliminary: true })
    live.add({ a: 50, b: 1, outcome: 'b', voter: 0 })
    expect(live.refit().rows.find((row) => row.model === 50)).toMatchObject({ votes: 2, provisional: 'none' })
  })

  test('refits nothing when nothing changed', () => {
    const live = createLiveBoard()
    live.add({ a: 0, b: 1, outcome: 'tie', voter: 0 })
    expect(live.refit()).toBe(live.refit())
  })

  test('finds the advantage of a side, and takes it out of the ratings', () => {
    const biased = simulateArena({ models: 6, votes: 20_000, seed: 31, side: 0.4, ties: 0.2 })
    const board = boardOf(asLiveVotes(biased), { sideEffect: true, cluster: 'none' })
    expect(board.sideEffect?.estimate).toBeGreaterThan(0.3)
    expect(board.sideEffect?.estimate).toBeLessThan(0.5)
    expectSameBoard(board, rankVotes(biased.votes, { side: true }))
  })

  test('counts a vote of weight 2 like two equal votes in ratings', () => {
    const votes = liveVotes.slice(0, 600)
    const twice = boardOf([...votes, ...votes.slice(0, 50)], { cluster: 'none' })
    const weighted = boardOf(
      votes.map((vote, v) => (v < 50 ? { ...vote, weight: 2 } : vote)),
      { cluster: 'none' },
    )
    const ratings = (board: Board) => board.rows.map((row) => row.rating)
    ratings(weighted).forEach((rating, k) => expect(rating).toBeCloseTo(ratings(twice)[k] ?? Number.NaN, 8))
    // One vote of weight 2 is one judgement, so it tells less than two.
    const error = (board: Board) => board.rows.reduce((sum, row) => sum + row.se, 0)
    expect(error(weighted)).toBeGreaterThan(error(twice))
  })

  test.each([
    [{ a: -1, b: 0, outcome: 'a', voter: 0 }, 'a must be an index'],
    [{ a: 0, b: 1.5, outcome: 'a', voter: 0 }, 'b must be an index'],
    [{ a: 0, b: 1, outcome: 'a', voter: Number.NaN }, 'voter must be an index'],
    [{ a: 2, b: 2, outcome: 'a', voter: 0 }, 'cannot meet itself'],
    [{ a: 0, b: 1, outcome: 'a', voter: 0, weight: 0 }, 'weight must be above 0'],
  ] as const)('refuses %o', (vote, reason) => {
    const live = createLiveBoard()
    expect(() => live.add(vote)).toThrow(reason)
    expect(live.votes).toBe(0)
  })
})

describe('the movement of one vote', () => {
  test('is what a refit with that vote will say, to a few thousandths of a point', () => {
    const live = createLiveBoard()
    for (const vote of liveVotes) live.add(vote)
    const before = new Map(live.refit().rows.map((row) => [row.model, row.rating]))
    const moved = movement(live.movementBasis(), 2, 9, 'b')
    live.add({ a: 2, b: 9, outcome: 'b', voter: 1 })
    const after = new Map(live.refit().rows.map((row) => [row.model, row.rating]))
    const change = (model: number) => (after.get(model) ?? 0) - (before.get(model) ?? 0)
    expect(moved.a).toBeLessThan(0)
    expect(Math.abs(moved.a - change(2))).toBeLessThan(0.02)
    expect(Math.abs(moved.b - change(9))).toBeLessThan(0.02)
  })

  test('is defined before any vote: two unknown models part by the prior', () => {
    const empty = createLiveBoard().movementBasis()
    const { a, b } = movement(empty, 0, 1, 'a')
    expect(a).toBeGreaterThan(0)
    expect(b).toBeCloseTo(-a, 12)
    expect(movement(empty, 0, 1, 'tie').a).toBeCloseTo(0, 12)
    expect(movement(empty, 0, 1, 'both_bad').b).toBeCloseTo(0, 12)
  })

  test('is larger for a newcomer than for a model with a thousand votes', () => {
    const live = createLiveBoard()
    for (const vote of liveVotes) live.add(vote)
    live.refit()
    const { a, b } = movement(live.movementBasis(), 0, 77, 'b')
    expect(b).toBeGreaterThan(20)
    expect(Math.abs(a)).toBeLessThan(2)
  })

  test('can be computed after the basis crossed to another thread', () => {
    const live = createLiveBoard()
    for (const vote of liveVotes.slice(0, 500)) live.add(vote)
    live.refit()
    const here = movement(live.movementBasis(), 1, 4, 'tie')
    const basis = live.movementBasis()
    const there = structuredClone(basis, { transfer: [basis.theta.buffer, basis.inverse.buffer] })
    expect(movement(there, 1, 4, 'tie')).toEqual(here)
  })
})
