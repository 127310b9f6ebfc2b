import { describe, expect, test } from 'vitest'
import type { Board, RankedRow } from '../../ranking/board.ts'
import { createLiveBoard } from '../../ranking/live-board.ts'
import { RankingRefusal, type Method } from '../../ranking/rank-options.ts'
import { rankPairs, rankVotes } from '../../ranking/rank-votes.ts'
import { simulateArena, votesOf } from './support/simulated-arena.ts'

const METHODS: Method[] = ['bt', 'davidson', 'rao-kupper', 'win-rate', 'elo']

function rank(text: string, method: Method = 'bt', side = false): Board<RankedRow> {
  return rankVotes(votesOf(text), { method, side, interval: method === 'elo' ? 'none' : 'sandwich' })
}

function row(board: Board<RankedRow>, model: number): RankedRow {
  const found = board.rows.find((each) => each.model === model)
  if (!found) throw new Error(`model ${model} is not on the board`)
  return found
}

function expectFinite(board: Board<RankedRow>): void {
  for (const each of board.rows) {
    for (const [field, value] of Object.entries(each)) {
      if (typeof value === 'number') expect(value, `${field} of model ${each.model}`).toSatisfy(Number.isFinite)
    }
  }
  for (const effect of board.effects)
    expect([effect.estimate, effect.se]).toSatisfy((pair: number[]) => pair.every(Number.isFinite))
}

describe.each(METHODS)('a small board by %s', (method) => {
  test.each([
    ['one vote', '0>1'],
    ['one tie', '0=1'],
    ['one pair that is both bad', '0!1'],
    ['two models that each won once', '0>1 1>0'],
    ['two models, one always better', '0>1×40'],
    ['ties only, three models', '0=1×9 1=2×9 2!0×9'],
    ['a chain without upsets', '0>1×5 1>2×5 2>3×5'],
    ['a cycle', '0>1 1>2 2>0'],
    ['two worlds', '0>1×3 1>0 2>3×3 3>2'],
    ['a newcomer that won every time', '0>1×9 1>0×7 2>0×20'],
    ['a newcomer that lost every time', '0>1×9 1>0×7 2<0×3'],
    ['a lopsided pair in the core', '0>1×5000 1>0'],
    ['only side a wins', '0>1×5 1>0×5'],
  ])('stays finite: %s', (_, text) => {
    for (const side of [false, true]) {
      const board = rank(text, method, side)
      expect(board.converged).toBe(true)
      expectFinite(board)
      for (const each of board.rows) {
        expect(each.rankLower).toBeLessThanOrEqual(each.rankUpper)
        expect(each.lower).toBeLessThanOrEqual(each.rating)
        expect(each.upper).toBeGreaterThanOrEqual(each.rating)
      }
    }
  })

  test('without votes it has no rows', () => {
    const none = { models: 3, length: 0, a: new Uint8Array(), b: new Uint8Array(), outcome: new Uint8Array() }
    const board = rankVotes(none, { method, interval: method === 'elo' ? 'none' : 'sandwich' })
    expect(board).toMatchObject({ votes: 0, models: 0, components: 0, converged: true, rows: [] })
  })
})

describe('what the votes leave open', () => {
  test('a model that won every vote gets a finite rating by the weak prior, and a mark', () => {
    const board = rank('0>1×30 1>0×30 2>0×10 2>1×10')
    expect(row(board, 2)).toMatchObject({ provisional: 'only-wins', preliminary: true })
    expect(row(board, 2).rating).toBeGreaterThan(1300)
    expect(row(board, 2).rating).toBeLessThan(1700)
    expect(row(board, 2).se).toBeGreaterThan(100)
    expect(row(board, 0).provisional).toBe('none')
  })

  test('twenty wins without a loss lead by 553 points under the prior', () => {
    const board = rank('0>1×2000 1>0×2000 2>0×20')
    expect(row(board, 2).rating - row(board, 0).rating).toBeGreaterThan(545)
    expect(row(board, 2).rating - row(board, 0).rating).toBeLessThan(560)
  })

  test('a model that lost every vote is the mirror image', () => {
    const won = rank('0>1×30 1>0×30 2>0×10')
    const lost = rank('0>1×30 1>0×30 2<0×10')
    expect(row(lost, 2)).toMatchObject({ provisional: 'only-losses' })
    expect(row(won, 2).rating - row(won, 1).rating).toBeCloseTo(row(lost, 1).rating - row(lost, 2).rating, 6)
  })

  test('a newcomer does not move the mean of the others', () => {
    const before = rank('0>1×30 1>0×20')
    const after = rank('0>1×30 1>0×20 2>0×5')
    const mean = (board: Board<RankedRow>) => (row(board, 0).rating + row(board, 1).rating) / 2
    expect(mean(before)).toBeCloseTo(1000, 8)
    expect(mean(after)).toBeCloseTo(1000, 8)
  })

  test('worlds that never met are ranked apart, the larger first', () => {
    const board = rank('3>4×40 4>3×20 0>1×50 1>2×50 2>0×40')
    expect(board.components).toBe(2)
    expect(board.rows.map((each) => each.component)).toEqual([0, 0, 0, 1, 1])
    expect(row(board, 3)).toMatchObject({ provisional: 'disconnected', preliminary: true, rank: 1 })
    const meanOf = (models: number[]) =>
      models.reduce((sum, model) => sum + row(board, model).rating, 0) / models.length
    expect(meanOf([0, 1, 2])).toBeCloseTo(1000, 8)
    expect(meanOf([3, 4])).toBeCloseTo(1000, 8)
  })

  test('without an upset anywhere, everyone is provisional and the order is that of the wins', () => {
    const board = rank('0>1×4 1>2×4')
    expect(board.rows.map((each) => each.model)).toEqual([0, 1, 2])
    expect(board.rows.map((each) => each.provisional)).toEqual(['only-wins', 'disconnected', 'only-losses'])
    expect(row(board, 0).rating).toBeCloseTo(2000 - row(board, 2).rating, 8)
  })

  test('a tie ties two models to each other both ways', () => {
    expect(rank('0>1×4 1=0').rows.every((each) => each.provisional === 'none')).toBe(true)
  })

  test('a model without votes is on no board', () => {
    const board = rankVotes({ ...votesOf('0>1 1>0'), models: 9 })
    expect(new Set(board.rows.map((each) => each.model))).toEqual(new Set([0, 1]))
  })

  test('too few votes are preliminary', () => {
    const board = rank('0>1×20 1>0×15 2>0×3 0>2×3')
    expect(row(board, 0).preliminary).toBe(false)
    expect(row(board, 2)).toMatchObject({ preliminary: true, provisional: 'none', votes: 6 })
  })

  test('ties alone leave all models equal, though not for sure', () => {
    const board = rank('0=1×50 1=2×50 0!2×50')
    for (const each of board.rows) {
      expect(each.rating).toBeCloseTo(1000, 9)
      expect(each).toMatchObject({ rank: 1, rankUpper: 3, winRate: 0.5 })
      expect(each.se).toBeGreaterThan(1)
    }
  })

  test('one voter alone cannot tell how voters differ, so votes count one by one', () => {
    const live = createLiveBoard()
    for (const [outcome, times] of [
      ['a', 30],
      ['b', 20],
    ] as const) {
      for (let k = 0; k < times; k++) live.add({ a: 0, b: 1, outcome, voter: 0 })
    }
    const board = live.refit()
    expect(board.interval).toContain('larger of')
    expect(board.rows[0]?.se).toBeCloseTo(rank('0>1×30 1>0×20').rows[0]?.se ?? 0, 8)
  })
})

describe('a thousand models', () => {
  const { votes, theta } = simulateArena({ models: 1000, votes: 60_000, seed: 3, spread: 1 })

  test('are ranked in seconds, near the truth', () => {
    const board = rankVotes(votes)
    expect(board).toMatchObject({ converged: true, components: 1 })
    expectFinite(board)
    const best = board.rows.slice(0, 100).reduce((sum, each) => sum + (theta[each.model] ?? 0), 0) / 100
    expect(best).toBeGreaterThan(1.3)
  })

  test('in a chain, each tied only to its neighbours, still converge', () => {
    const chain = Array.from({ length: 999 }, (_, i) => `${i}>${i + 1}×3 ${i + 1}>${i}×2`).join(' ')
    const board = rankVotes(votesOf(chain), { interval: 'none' })
    expect(board).toMatchObject({ converged: true, components: 1 })
    const [first, second] = [row(board, 0), row(board, 1)]
    expect(first.rating - second.rating).toBeCloseTo((400 / Math.LN10) * Math.log(3 / 2), 4)
  })
})

describe('what cannot be asked', () => {
  test.each([
    ['intervals of Elo by sandwich', () => rankVotes(votesOf('0>1'), { method: 'elo' })],
    [
      'a model-based interval of a win rate',
      () => rankVotes(votesOf('0>1'), { method: 'win-rate', interval: 'model' }),
    ],
    ['Elo of reweighted pairs', () => rankVotes(votesOf('0>1'), { method: 'elo', interval: 'none', weights: 'ipw' })],
    [
      'Elo of counts without an order',
      () =>
        rankPairs(
          {
            models: 2,
            length: 1,
            a: Int32Array.of(0),
            b: Int32Array.of(1),
            winsA: Float64Array.of(1),
            winsB: Float64Array.of(1),
            ties: Float64Array.of(0),
            bothBad: Float64Array.of(0),
          },
          { method: 'elo', interval: 'none' },
        ),
    ],
  ])('%s is refused in words', (_, ask) => {
    expect(ask).toThrow(RankingRefusal)
  })
})
