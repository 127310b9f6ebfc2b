import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Board, RankedRow } from '../../ranking/board.ts'
import { createLiveBoard } from '../../ranking/live-board.ts'
import type { Method } from '../../ranking/rank-options.ts'
import { rankPairs, rankVotes } from '../../ranking/rank-votes.ts'
import type { VoteColumns } from '../../ranking/vote-columns.ts'
import { asLiveVotes } from './support/simulated-arena.ts'

const MODELS = 6

interface Vote {
  a: number
  b: number
  code: number
  voter: number
}

/** Any small log: disconnected, one-sided and all-tie boards come up by themselves. */
const logs = fc.array(
  fc
    .record({
      a: fc.nat(MODELS - 1),
      step: fc.integer({ min: 1, max: MODELS - 1 }),
      code: fc.nat(3),
      voter: fc.nat(30),
    })
    .map(({ a, step, code, voter }): Vote => ({ a, b: (a + step) % MODELS, code, voter })),
  { minLength: 1, maxLength: 120 },
)

function columns(votes: readonly Vote[], models = MODELS): VoteColumns {
  return {
    models,
    length: votes.length,
    a: Uint16Array.from(votes, (vote) => vote.a),
    b: Uint16Array.from(votes, (vote) => vote.b),
    outcome: Uint8Array.from(votes, (vote) => vote.code),
  }
}

const voters = (votes: readonly Vote[]) => ({ name: 'voter', of: Int32Array.from(votes, (vote) => vote.voter) })

function ratings(board: Board<RankedRow>): Map<number, RankedRow> {
  return new Map(board.rows.map((row) => [row.model, row]))
}

/** Rows by model, numbers to 1e-7: enough to tell a wrong formula from another order of summation. */
function expectAlike(board: Board<RankedRow>, other: Board<RankedRow>, fields: readonly (keyof RankedRow)[]): void {
  const theirs = ratings(other)
  expect(board.rows).toHaveLength(other.rows.length)
  for (const row of board.rows) {
    for (const field of fields) {
      const mine = row[field]
      const their = theirs.get(row.model)?.[field]
      if (typeof mine === 'number' && typeof their === 'number') expect(mine).toBeCloseTo(their, 6)
      else expect(mine).toBe(their)
    }
  }
}

const ALL = ['rating', 'se', 'lower', 'upper', 'votes', 'wins', 'losses', 'winRate', 'provisional'] as const

describe.each<Method>(['bt', 'davidson', 'rao-kupper', 'win-rate'])('%s', (method) => {
  test('does not care what models are called', () => {
    fc.assert(
      fc.property(logs, fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }), (votes, names) => {
        const renamed = votes.map((vote) => ({ ...vote, a: names[vote.a] ?? 0, b: names[vote.b] ?? 0 }))
        const board = rankVotes(columns(votes), { method, clusters: voters(votes) })
        const other = rankVotes(columns(renamed), { method, clusters: voters(renamed) })
        // Of two groups alike in size and votes, that with the lower model counts as the main one.
        const core = board.rows.filter((row) => row.provisional === 'none').length
        fc.pre(board.components === 1 && (core === 0 || core > board.models / 2))
        const back = { ...other, rows: other.rows.map((row) => ({ ...row, model: names.indexOf(row.model) })) }
        expectAlike(board, back, ALL)
      }),
      { numRuns: 60 },
    )
  })

  test('does not care about the order of votes', () => {
    fc.assert(
      fc.property(logs, (votes) => {
        const reversed = votes.toReversed()
        const board = rankVotes(columns(votes), { method, clusters: voters(votes) })
        expectAlike(rankVotes(columns(reversed), { method, clusters: voters(reversed) }), board, [
          ...ALL,
          'rank',
          'rankUpper',
          'rankArena',
        ])
      }),
      { numRuns: 60 },
    )
  })

  test('does not care which answer stood left', () => {
    fc.assert(
      fc.property(logs, fc.array(fc.boolean(), { minLength: 120, maxLength: 120 }), (votes, flips) => {
        const flipped = votes.map((vote, v) =>
          flips[v] ? { ...vote, a: vote.b, b: vote.a, code: vote.code < 2 ? 1 - vote.code : vote.code } : vote,
        )
        expectAlike(rankVotes(columns(flipped), { method }), rankVotes(columns(votes), { method }), ALL)
      }),
      { numRuns: 60 },
    )
  })

  test('turned upside down when every vote is, and the advantage of side a with it', () => {
    fc.assert(
      fc.property(logs, (votes) => {
        const opposite = votes.map((vote) => ({ ...vote, code: vote.code < 2 ? 1 - vote.code : vote.code }))
        const board = rankVotes(columns(votes), { method, side: true, interval: 'none' })
        const other = rankVotes(columns(opposite), { method, side: true, interval: 'none' })
        for (const row of board.rows) {
          expect(ratings(other).get(row.model)?.rating).toBeCloseTo(2000 - row.rating, 5)
        }
        expect(other.sideEffect?.estimate).toBeCloseTo(-(board.sideEffect?.estimate ?? 0), 6)
      }),
      { numRuns: 60 },
    )
  })

  test('gives one place to each model, in order, and ranges that hold it', () => {
    fc.assert(
      fc.property(logs, (votes) => {
        const board = rankVotes(columns(votes), { method })
        board.rows.forEach((row, k) => {
          const above = board.rows[k - 1]
          if (above && above.component === row.component) expect(above.rating).toBeGreaterThanOrEqual(row.rating)
          const inComponent = board.rows.filter((other) => other.component === row.component)
          const place = 1 + inComponent.indexOf(row)
          expect(row.rankLower).toBeLessThanOrEqual(place)
          expect(row.rankUpper).toBeGreaterThanOrEqual(place)
          expect(row.rank).toBe(row.rankLower)
          expect(row.rankUpper).toBeLessThanOrEqual(inComponent.length)
          expect(row.votes).toBe(row.wins + row.losses + row.ties + row.bothBad)
        })
        expect(board.rows.reduce((sum, row) => sum + row.votes, 0)).toBe(2 * board.votes)
      }),
      { numRuns: 60 },
    )
  })
})

describe('votes and counts', () => {
  const counted = (votes: readonly Vote[], times = 1) => ({
    models: MODELS,
    length: votes.length,
    a: Int32Array.from(votes, (vote) => vote.a),
    b: Int32Array.from(votes, (vote) => vote.b),
    winsA: Float64Array.from(votes, (vote) => (vote.code === 0 ? times : 0)),
    winsB: Float64Array.from(votes, (vote) => (vote.code === 1 ? times : 0)),
    ties: Float64Array.from(votes, (vote) => (vote.code === 2 ? times : 0)),
    bothBad: Float64Array.from(votes, (vote) => (vote.code === 3 ? times : 0)),
  })

  test('counts of pairs say what the votes say', () => {
    fc.assert(
      fc.property(logs, fc.boolean(), (votes, side) => {
        expectAlike(rankPairs(counted(votes), { side }), rankVotes(columns(votes), { side }), ALL)
      }),
      { numRuns: 80 },
    )
  })

  test('four times the counts leave strengths where they are and halve the errors', () => {
    fc.assert(
      fc.property(logs, fc.constantFrom('model', 'sandwich'), (votes, interval) => {
        // 100 votes for each, so that the least error of a handful of votes plays no part.
        const once = rankPairs(counted(votes, 100), { interval })
        const hasSpread = votes.some((vote) => vote.code < 2)
        fc.pre(hasSpread && once.rows.every((row) => row.provisional === 'none'))
        const fourTimes = ratings(rankPairs(counted(votes, 400), { interval }))
        for (const row of once.rows) {
          const more = fourTimes.get(row.model)
          expect(more?.rating).toBeCloseTo(row.rating, 7)
          if (interval === 'model') expect(more?.se).toBeCloseTo(row.se / 2, 7)
          else expect((more?.se ?? 0) / row.se).toBeLessThan(0.5 + 1e-9)
        }
      }),
      { numRuns: 100 },
    )
  })

  test('a log read in two parts, refitted in between, ends where one reading does', () => {
    fc.assert(
      fc.property(logs, fc.nat(119), fc.constantFrom('voter', 'none'), (votes, cut, cluster) => {
        const live = createLiveBoard({ cluster })
        const all = asLiveVotes({ votes: columns(votes), voter: voters(votes).of })
        for (const vote of all.slice(0, cut)) live.add(vote)
        live.refit()
        for (const vote of all.slice(cut)) live.add(vote)
        const options = cluster === 'voter' ? { clusters: voters(votes) } : {}
        const expected = ratings(rankVotes(columns(votes), options))
        for (const row of live.refit().rows) {
          expect(Math.abs(row.rating - (expected.get(row.model)?.rating ?? 0))).toBeLessThan(1e-9)
          expect(Math.abs(row.se - (expected.get(row.model)?.se ?? 0))).toBeLessThan(1e-9)
        }
      }),
      { numRuns: 150 },
    )
  })

  test('votes withdrawn at random leave the board of those that stay', () => {
    fc.assert(
      fc.property(logs, fc.array(fc.boolean(), { minLength: 120, maxLength: 120 }), (votes, stays) => {
        const live = createLiveBoard()
        const all = asLiveVotes({ votes: columns(votes), voter: voters(votes).of })
        for (const vote of all) live.add(vote)
        live.refit()
        all.forEach((vote, v) => {
          if (!stays[v]) expect(live.remove(vote)).toBe(true)
        })
        const kept = votes.filter((_, v) => stays[v])
        const expected = ratings(rankVotes(columns(kept), { clusters: voters(kept) }))
        const board = live.refit()
        expect(board.rows).toHaveLength(expected.size)
        for (const row of board.rows) {
          expect(Math.abs(row.rating - (expected.get(row.model)?.rating ?? 0))).toBeLessThan(1e-9)
          expect(row.votes).toBe(expected.get(row.model)?.votes)
        }
      }),
      { numRuns: 100 },
    )
  })

  test('the anchor has its rating, and nothing but the origin changes', () => {
    fc.assert(
      fc.property(logs, (votes) => {
        const board = rankVotes(columns(votes))
        const model = votes[0]?.a ?? 0
        const component = ratings(board).get(model)?.component
        const anchored = ratings(rankVotes(columns(votes), { anchor: { model, rating: 1234 } }))
        expect(anchored.get(model)?.rating).toBeCloseTo(1234, 9)
        const shift = 1234 - (ratings(board).get(model)?.rating ?? 0)
        for (const row of board.rows) {
          const expected = row.component === component ? row.rating + shift : row.rating
          expect(anchored.get(row.model)?.rating).toBeCloseTo(expected, 8)
          expect(anchored.get(row.model)?.se).toBe(row.se)
        }
      }),
      { numRuns: 50 },
    )
  })
})
