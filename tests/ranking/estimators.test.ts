import { describe, expect, test } from 'vitest'
import type { RankedRow } from '../../ranking/board.ts'
import { DEFAULT_ELO, playElo } from '../../ranking/online-elo.ts'
import { ratingHistory } from '../../ranking/history.ts'
import { inverseProbabilityWeights } from '../../ranking/inverse-probability.ts'
import { rankBoards, rankVotes } from '../../ranking/rank-votes.ts'
import { rankWithStyle } from '../../ranking/rank-style.ts'
import { tallyVotes } from '../../ranking/vote-tally.ts'
import { POINTS_PER_LOGIT } from '../../ranking/scale.ts'
import { simulateArena, votesOf } from './support/simulated-arena.ts'

function ratingOf(rows: readonly RankedRow[], model: number): number {
  return rows.find((row) => row.model === model)?.rating ?? Number.NaN
}

describe('by hand', () => {
  test('three wins to one are 190.8 points apart', () => {
    const { rows } = rankVotes(votesOf('0>1×3 1>0'))
    expect(ratingOf(rows, 0) - ratingOf(rows, 1)).toBeCloseTo(400 * Math.log10(3), 9)
  })

  test('a tie of either kind counts half a win for both', () => {
    const { rows } = rankVotes(votesOf('0>1×2 0=1 0!1'))
    expect(ratingOf(rows, 0) - ratingOf(rows, 1)).toBeCloseTo(400 * Math.log10(3), 9)
    expect(rows[0]).toMatchObject({ model: 0, wins: 2, losses: 0, ties: 1, bothBad: 1, winRate: 0.75 })
  })

  /** p = 3/4: model-based 1 / √(n p q), robust √Σ(y − p)² / (n p q); relative to the mean it is half of both. */
  test('errors of a two-model board are those of the textbook', () => {
    const votes = votesOf('0>1×30 1>0×10')
    const information = 40 * 0.75 * 0.25
    const model = rankVotes(votes, { interval: 'model' }).rows[0]?.se ?? 0
    expect(model).toBeCloseTo(POINTS_PER_LOGIT / Math.sqrt(information) / 2, 9)
    const squares = 30 * 0.25 ** 2 + 10 * 0.75 ** 2
    expect(rankVotes(votes).rows[0]?.se).toBeCloseTo((POINTS_PER_LOGIT * Math.sqrt(squares)) / information / 2, 9)
  })

  /** Davidson: ν² = t² / (w l), θ difference log(w / l). */
  test('Davidson on one pair is solved in closed form', () => {
    const board = rankVotes(votesOf('0>1×40 1>0×10 0=1×30'), { method: 'davidson' })
    expect(ratingOf(board.rows, 0) - ratingOf(board.rows, 1)).toBeCloseTo(400 * Math.log10(4), 8)
    expect(board.effects[0]).toMatchObject({ name: 'tie ν' })
    expect(board.effects[0]?.estimate).toBeCloseTo(30 / Math.sqrt(400), 9)
  })

  /** Rao–Kupper: P(win) = σ(d − h), P(loss) = σ(−d − h). */
  test('Rao–Kupper on one pair is solved in closed form', () => {
    const board = rankVotes(votesOf('0>1×40 1>0×10 0=1×30'), { method: 'rao-kupper' })
    const logit = (p: number) => Math.log(p / (1 - p))
    const [win, loss] = [logit(0.5), logit(0.125)]
    const difference = POINTS_PER_LOGIT * ((win - loss) / 2)
    expect(ratingOf(board.rows, 0) - ratingOf(board.rows, 1)).toBeCloseTo(difference, 8)
    expect(board.effects[0]?.estimate).toBeCloseTo(Math.exp(-(win + loss) / 2), 9)
  })

  test('online Elo moves K times the surprise', () => {
    const ratings = Float64Array.of(1000, 1400)
    const votes = { a: Uint8Array.of(0), b: Uint8Array.of(1), outcome: Uint8Array.of(0) }
    playElo(ratings, votes, { ...DEFAULT_ELO, k: 32, from: 0, to: 1 })
    expect(ratings[0]).toBeCloseTo(1000 + 32 * (10 / 11), 9)
    expect(ratings[1]).toBeCloseTo(1400 - 32 * (10 / 11), 9)
  })

  test('K, start and scale of Elo are parameters', () => {
    const rows = rankVotes(votesOf('0>1'), {
      method: 'elo',
      interval: 'none',
      elo: { k: 20, start: 1500, scale: 200 },
    }).rows
    expect(ratingOf(rows, 0)).toBeCloseTo(1510, 9)
    expect(ratingOf(rows, 1)).toBeCloseTo(1490, 9)
  })

  test('a win rate is the mean over opponents, not over votes', () => {
    const { rows } = rankVotes(votesOf('0>1×90 1>0×10 0>2 2>0 1>2 2>1'), { method: 'win-rate' })
    const logit = (p: number) => POINTS_PER_LOGIT * Math.log(p / (1 - p))
    expect(ratingOf(rows, 0) - ratingOf(rows, 2)).toBeCloseTo(logit((0.9 + 0.5) / 2) - logit(0.5), 9)
  })

  test('with sides, a win rate is balanced over them', () => {
    const votes = votesOf('0>1×30 0<1×10 1>0×1 1<0×1')
    const plain = rankVotes(votes, { method: 'win-rate' }).rows
    const balanced = rankVotes(votes, { method: 'win-rate', side: true }).rows
    const logit = (p: number) => 2 * POINTS_PER_LOGIT * Math.log(p / (1 - p))
    expect(ratingOf(plain, 0) - ratingOf(plain, 1)).toBeCloseTo(logit(31 / 42), 9)
    expect(ratingOf(balanced, 0) - ratingOf(balanced, 1)).toBeCloseTo(logit((0.75 + 0.5) / 2), 9)
  })
})

describe('weights', () => {
  test('make rare pairs count like frequent ones, down to fifty votes', () => {
    const { table } = tallyVotes(votesOf('0>1×400 1>2×100 0>2×10'), false)
    const [often = 0, rare = 0, seldom = 0] = [...inverseProbabilityWeights(table)].toSorted((x, y) => x - y)
    expect(rare / often).toBeCloseTo(4, 9)
    expect(seldom / often).toBeCloseTo(8, 9)
  })

  test('leave a board of evenly met pairs alone', () => {
    const votes = votesOf('0>1×60 1>0×40 1>2×70 2>1×30 0>2×80 2>0×20')
    const plain = rankVotes(votes).rows
    rankVotes(votes, { weights: 'ipw' }).rows.forEach((row, k) => {
      expect(row.rating).toBeCloseTo(plain[k]?.rating ?? 0, 9)
      expect(row.se).toBeCloseTo(plain[k]?.se ?? 0, 9)
    })
  })

  test('of single votes work like repetition', () => {
    const votes = votesOf('0>1 1>0 0=1 1>2 2>1 0>2 2>0 2>0')
    const weight = Float64Array.from({ length: votes.length }, (_, v) => (v === 0 ? 3 : v === 4 ? 0 : 1))
    const repeated = rankVotes(votesOf('0>1×3 1>0 0=1 1>2 0>2 2>0 2>0'))
    rankVotes({ ...votes, weight }).rows.forEach((row) => {
      expect(row.rating).toBeCloseTo(ratingOf(repeated.rows, row.model), 8)
    })
  })
})

describe('cuts of a log', () => {
  test('a vote can be on several boards, or on none', () => {
    const votes = votesOf('0>1 1>0 1>2 2>1 0>2')
    const start = Int32Array.of(0, 2, 3, 4, 6, 6)
    const board = Int32Array.of(0, 1, 0, 1, 0, 1)
    const boards = rankBoards(votes, { boards: 3, start, board })
    expect(boards.map((each) => each.votes)).toEqual([3, 3, 0])
    expect(boards[2]?.rows).toEqual([])
  })

  test('each board is what ranking its votes alone gives, clustered too', () => {
    const { votes, voter } = simulateArena({ models: 6, votes: 2000, seed: 2, voters: 80, taste: 0.5 })
    const board = Int32Array.from({ length: votes.length }, (_, v) => (v * 7) % 3)
    const boards = rankBoards(votes, { boards: 3, board }, { clusters: { name: 'voter', of: voter } })
    boards.forEach((each, k) => {
      const mine = Array.from(board.keys()).filter((v) => board[v] === k)
      const alone = rankVotes(
        {
          models: 6,
          length: mine.length,
          a: Uint16Array.from(mine, (v) => votes.a[v] ?? 0),
          b: Uint16Array.from(mine, (v) => votes.b[v] ?? 0),
          outcome: Uint8Array.from(mine, (v) => votes.outcome[v] ?? 0),
        },
        { clusters: { name: 'voter', of: Int32Array.from(mine, (v) => voter[v] ?? 0) } },
      )
      expect(each.votes).toBe(alone.votes)
      each.rows.forEach((row, r) => {
        expect(row.rating).toBeCloseTo(alone.rows[r]?.rating ?? 0, 9)
        expect(row.se).toBeCloseTo(alone.rows[r]?.se ?? 0, 9)
      })
    })
  })

  test('votes without a voter are each a cluster of its own', () => {
    const { votes } = simulateArena({ models: 4, votes: 500, seed: 6 })
    const nobody = new Int32Array(votes.length).fill(-1)
    const alone = rankVotes(votes, { clusters: { name: 'voter', of: nobody } })
    const plain = rankVotes(votes)
    const correction = Math.sqrt(500 / 499)
    alone.rows.forEach((row, k) => expect(row.se).toBeCloseTo((plain.rows[k]?.se ?? 0) * correction, 9))
  })
})

describe('the bootstrap', () => {
  const { votes } = simulateArena({ models: 8, votes: 4000, seed: 14 })
  const plain = rankVotes(votes)

  test.each(['bt', 'davidson', 'rao-kupper', 'win-rate'] as const)('agrees with the sandwich for %s', (method) => {
    const sandwich = rankVotes(votes, { method })
    const board = rankVotes(votes, { method, interval: 'bootstrap', rounds: 2000 })
    expect(board.interval).toBe('bootstrap, 2000 rounds')
    board.rows.forEach((row, k) => {
      const expected = sandwich.rows[k]
      expect(row.rating).toBeCloseTo(expected?.rating ?? 0, 9)
      expect(Math.abs(row.se / (expected?.se ?? 1) - 1)).toBeLessThan(0.08)
      expect(Math.abs(row.lower - (expected?.lower ?? 0))).toBeLessThan(0.2 * row.se)
      expect(Math.abs(row.upper - (expected?.upper ?? 0))).toBeLessThan(0.2 * row.se)
    })
  })

  test('gives the same digits for the same seed and others for another', () => {
    const lower = (seed: number) =>
      rankVotes(votes, { interval: 'bootstrap', rounds: 100, seed }).rows.map((row) => row.lower)
    expect(lower(3)).toEqual(lower(3))
    expect(lower(3)).not.toEqual(lower(4))
  })

  test('of Elo replays the log', () => {
    const board = rankVotes(votes, { method: 'elo', interval: 'bootstrap', rounds: 100 })
    for (const row of board.rows) {
      expect(row.se).toBeGreaterThan(3)
      expect(row.se).toBeLessThan(40)
      expect(row.lower).toBeLessThan(row.upper)
    }
  })

  test('of reweighted votes agrees with their sandwich', () => {
    const sandwich = rankVotes(votes, { weights: 'ipw' })
    const board = rankVotes(votes, { weights: 'ipw', interval: 'bootstrap', rounds: 1000 })
    board.rows.forEach((row, k) => expect(Math.abs(row.se / (sandwich.rows[k]?.se ?? 1) - 1)).toBeLessThan(0.12))
    expect(plain.rows).toHaveLength(board.rows.length)
  })
})

describe('style control', () => {
  const { votes, voter } = simulateArena({ models: 5, votes: 3000, seed: 19, side: 0.3 })
  const noise = (seed: number) => Int32Array.from({ length: votes.length }, (_, v) => (v * seed * 7919) % 101)

  test('without any style is Bradley–Terry', () => {
    const plain = rankVotes(votes)
    const board = rankWithStyle(votes, {
      features: [{ name: 'bold', a: new Int32Array(3000), b: new Int32Array(3000) }],
    })
    expect(board.effects).toEqual([])
    board.rows.forEach((row, k) => {
      expect(row.rating).toBeCloseTo(plain.rows[k]?.rating ?? 0, 5)
      expect(row.se).toBeCloseTo(plain.rows[k]?.se ?? 0, 5)
    })
  })

  test('reports the side effect beside the coefficients, and errors by voter', () => {
    const features = [
      { name: 'length', a: noise(1), b: noise(2) },
      { name: 'lists', a: noise(3), b: noise(5) },
    ]
    const board = rankWithStyle(votes, { features, side: true, clusters: { name: 'voter', of: voter } })
    expect(board.effects.map((effect) => effect.name)).toEqual(['side a', 'length', 'lists'])
    expect(board).toMatchObject({ converged: true, interval: 'sandwich by voter' })
    expect(board.sideEffect?.estimate).toBeGreaterThan(0.2)
    for (const effect of board.effects.slice(1)) expect(Math.abs(effect.estimate)).toBeLessThan(4 * effect.se)
  })

  test('with two features that are the same thing stays finite', () => {
    const features = [
      { name: 'length', a: noise(1), b: noise(2) },
      { name: 'words', a: noise(1), b: noise(2) },
    ]
    const board = rankWithStyle(votes, { features })
    expect(board.converged).toBe(true)
    const [length, words] = board.effects
    expect(length?.estimate).toBeCloseTo(words?.estimate ?? Number.NaN, 6)
    expect(length?.se).toBeGreaterThan(0.5)
  })

  test('of a few votes that style explains entirely stays finite', () => {
    const few = votesOf('0>1 1>0 0>1 1>0 0=1')
    const board = rankWithStyle(few, {
      features: [{ name: 'length', a: [100, 100, 100, 100, 50], b: [10, 10, 10, 10, 50] }],
    })
    expect(board.converged).toBe(true)
    expect(board.effects[0]?.estimate).toBeGreaterThan(0)
    expect(Number.isFinite(board.effects[0]?.se)).toBe(true)
  })
})

describe('history', () => {
  const { votes, voter } = simulateArena({ models: 9, votes: 3000, seed: 23, voters: 70 })

  test('every point is the batch fit of the votes so far', () => {
    const cuts = [1, 10, 100, 101, 1500, 3000]
    const points = ratingHistory(votes, cuts, { intervals: true, clusters: { name: 'voter', of: voter } })
    expect(points.map((point) => point.votes)).toEqual(cuts)
    points.forEach((point) => {
      const n = point.votes
      const batch = rankVotes(
        { ...votes, length: n, a: votes.a.slice(0, n), b: votes.b.slice(0, n), outcome: votes.outcome.slice(0, n) },
        { clusters: { name: 'voter', of: voter.slice(0, n) } },
      )
      expect(point.rows).toHaveLength(batch.rows.length)
      point.rows.forEach((row, k) => {
        expect(row.rating).toBeCloseTo(batch.rows[k]?.rating ?? 0, 8)
        expect(row.se).toBeCloseTo(batch.rows[k]?.se ?? 0, 8)
      })
    })
  })

  test('without intervals it is the same but for them', () => {
    const [last] = ratingHistory(votes, [3000])
    expect(last?.rows.map((row) => row.model)).toEqual(rankVotes(votes).rows.map((row) => row.model))
    expect(last?.rows.every((row) => row.se === 0)).toBe(true)
  })
})
