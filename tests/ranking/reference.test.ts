import { beforeAll, describe, expect, test } from 'vitest'
import type { Board, RankedRow } from '../../ranking/board.ts'
import { onlineElo } from '../../ranking/rank-elo.ts'
import { rankBoards, rankPairs, rankVotes } from '../../ranking/rank-votes.ts'
import { rankWithStyle } from '../../ranking/rank-style.ts'
import { DEFAULT_ELO } from '../../ranking/online-elo.ts'
import { fitBoard } from '../../ranking/board-fit.ts'
import { tallyPairs } from '../../ranking/pair-counts.ts'
import { TiesSystem } from '../../ranking/ties-system.ts'
import {
  arenaPairs,
  arenaVotes,
  crowdVotes,
  hasReferenceData,
  referenceFigures,
  syntheticVotes,
  type SyntheticVotes,
} from './support/reference-data.ts'

/** Ratings to 1e-4 points, errors to 1e-6 relative, online Elo to 1e-9 points. */
const RATING = 1e-4
const ERROR = 1e-6

function byModel(board: Board<RankedRow>): RankedRow[] {
  return board.rows.toSorted((x, y) => x.model - y.model)
}

function worstRating(board: Board<RankedRow>, expected: readonly number[]): number {
  expect(board.rows).toHaveLength(expected.length)
  return Math.max(...byModel(board).map((row) => Math.abs(row.rating - (expected[row.model] ?? Number.NaN))))
}

function worstError(board: Board<RankedRow>, expected: readonly number[]): number {
  return Math.max(...byModel(board).map((row) => Math.abs(row.se / (expected[row.model] ?? Number.NaN) - 1)))
}

test('figures of other implementations lie beside this checkout', ({ skip }) => {
  if (!hasReferenceData) skip('no ../shared/data: they are not compared')
  expect(hasReferenceData).toBe(true)
})

describe.runIf(hasReferenceData)('1.67 million real arena votes, as counts', () => {
  const { all, online_elo_k4 } = hasReferenceData ? referenceFigures('arena2024') : ({} as never)
  const counts = hasReferenceData ? arenaPairs(all.models) : ({} as never)

  test('ratings and robust errors are those of the reference', () => {
    const board = rankPairs(counts)
    expect(board).toMatchObject({ votes: all.n_votes, models: 129, converged: true, components: 1 })
    expect(worstRating(board, all.elo)).toBeLessThan(RATING)
    expect(worstError(board, all.se_sandwich_elo)).toBeLessThan(ERROR)
    expect(byModel(board).map((row) => row.rankArena)).toEqual(all.rank_ub)
  })

  /**
   * The reference calls it the worst rank from simultaneous intervals, but it is what pointwise 95 % intervals give:
   * models − #{upper_j < lower_i}. Ours are simultaneous, so never narrower.
   */
  test('the worst place is never better than the one from pointwise intervals', () => {
    const rows = byModel(rankPairs(counts))
    const pointwise = rows.map((row) => rows.length - rows.filter((other) => other.upper < row.lower).length)
    expect(pointwise).toEqual(all.rank_interval_worst)
    for (const row of rows) expect(row.rankUpper).toBeGreaterThanOrEqual(pointwise[row.model] ?? 0)
  })

  test('model-based errors are those of the reference', () => {
    expect(worstError(rankPairs(counts, { interval: 'model' }), all.se_model_elo)).toBeLessThan(ERROR)
  })

  test('reweighted for equal pairs, ratings and errors are those of the reference', () => {
    const board = rankPairs(counts, { weights: 'ipw' })
    expect(worstRating(board, all.elo_ipw50)).toBeLessThan(RATING)
    expect(worstError(board, all.se_ipw50_elo)).toBeLessThan(ERROR)
  })

  test.each([
    ['davidson', 'davidson_elo', 'davidson_nu', 'davidson_nll'],
    ['rao-kupper', 'raokupper_elo', 'raokupper_eta', 'raokupper_nll'],
  ] as const)(
    '%s finds the ratings, the tie parameter and the likelihood of the reference',
    (method, elo, parameter, nll) => {
      const board = rankPairs(counts, { method })
      expect(worstRating(board, all[elo])).toBeLessThan(RATING)
      expect(board.effects[0]?.estimate).toBeCloseTo(all[parameter], 7)
      const [fit] = fitBoard(tallyPairs(counts, false).table, { method, side: false })
      const system = fit?.system
      if (!(system instanceof TiesSystem)) throw new Error('a ties model was expected')
      expect(system.negativeLogLikelihood(fit?.point ?? new Float64Array())).toBeCloseTo(all[nll], 3)
    },
  )

  test('online Elo, vote by vote, is that of the reference', async () => {
    const elo = onlineElo(await arenaVotes(all.models), DEFAULT_ELO)
    expect(Math.max(...online_elo_k4.map((rating, i) => Math.abs(rating - (elo[i] ?? 0))))).toBeLessThan(1e-9)
  })
})

describe.runIf(hasReferenceData)('8,931 crowd votes by 124 workers', () => {
  const figures = hasReferenceData ? referenceFigures('llmfao_crowd') : ({} as never)
  const { all, by_category, online_elo_k4, position_bias_logit } = figures
  const { votes, judge, item, category, categories } = hasReferenceData ? crowdVotes(all.models) : ({} as never)

  test('each vote on its own, ratings, errors and ranks are those of the reference', () => {
    const board = rankVotes(votes)
    expect(worstRating(board, all.elo)).toBeLessThan(RATING)
    expect(worstError(board, all.se_sandwich_elo)).toBeLessThan(ERROR)
    expect(byModel(board).map((row) => row.rankArena)).toEqual(all.rank_ub)
  })

  test('clustered by voter or by item, errors are those of the reference', () => {
    const byVoter = rankVotes(votes, { clusters: { name: 'voter', of: judge } })
    expect(byVoter).toMatchObject({ interval: 'sandwich by voter', clusters: 124 })
    expect(worstError(byVoter, all.se_cluster_judge_elo)).toBeLessThan(ERROR)
    const byItem = rankVotes(votes, { clusters: { name: 'item', of: item } })
    expect(worstError(byItem, all.se_cluster_pair_id_elo)).toBeLessThan(ERROR)
  })

  test('model-based and reweighted figures are those of the reference', () => {
    expect(worstError(rankVotes(votes, { interval: 'model' }), all.se_model_elo)).toBeLessThan(ERROR)
    const reweighted = rankVotes(votes, { weights: 'ipw' })
    expect(worstRating(reweighted, all.elo_ipw50)).toBeLessThan(RATING)
    expect(worstError(reweighted, all.se_ipw50_elo)).toBeLessThan(ERROR)
  })

  test('both ties models are those of the reference', () => {
    const davidson = rankVotes(votes, { method: 'davidson' })
    expect(worstRating(davidson, all.davidson_elo)).toBeLessThan(RATING)
    expect(davidson.effects[0]?.estimate).toBeCloseTo(all.davidson_nu, 6)
    const raoKupper = rankVotes(votes, { method: 'rao-kupper' })
    expect(worstRating(raoKupper, all.raokupper_elo)).toBeLessThan(RATING)
    expect(raoKupper.effects[0]?.estimate).toBeCloseTo(all.raokupper_eta, 6)
  })

  test('the advantage of the left side is that of the reference', () => {
    const { sideEffect } = rankVotes(votes, { side: true })
    expect(sideEffect?.estimate).toBeCloseTo(position_bias_logit[0], 7)
    expect(sideEffect?.se).toBeCloseTo(position_bias_logit[1], 7)
  })

  test('online Elo is that of the reference', () => {
    const board = rankVotes(votes, { method: 'elo', interval: 'none' })
    expect(worstRating(board, online_elo_k4)).toBeLessThan(1e-9)
  })

  test('the four categories, counted in one pass, are those of the reference', () => {
    const boards = rankBoards(votes, { boards: categories.length, board: category })
    categories.forEach((name, k) => {
      const expected = by_category[name]
      const board = boards[k]
      if (!expected || !board) throw new Error(`no category ${name}`)
      expect(worstRating(board, expected.elo)).toBeLessThan(RATING)
      expect(worstError(board, expected.se_sandwich_elo)).toBeLessThan(ERROR)
    })
  })
})

describe.runIf(hasReferenceData)('200,000 synthetic votes on 100 models', () => {
  const { all, by_category, style, position_bias_logit, online_elo_k4 } = hasReferenceData
    ? referenceFigures('synthA')
    : ({} as never)
  let synthetic: SyntheticVotes

  beforeAll(async () => {
    synthetic = await syntheticVotes('A')
  })

  test('ratings and every kind of error are those of the reference', () => {
    const { votes, judge } = synthetic
    const plain = rankVotes(votes)
    expect(worstRating(plain, all.elo)).toBeLessThan(RATING)
    expect(worstError(plain, all.se_sandwich_elo)).toBeLessThan(ERROR)
    expect(byModel(plain).map((row) => row.rankArena)).toEqual(all.rank_ub)
    const clustered = rankVotes(votes, { clusters: { name: 'voter', of: judge } })
    expect(worstError(clustered, all.se_cluster_judge_elo)).toBeLessThan(ERROR)
    expect(worstError(rankVotes(votes, { interval: 'model' }), all.se_model_elo)).toBeLessThan(ERROR)
    expect(worstRating(rankVotes(votes, { weights: 'ipw' }), all.elo_ipw50)).toBeLessThan(RATING)
  })

  test('ties models, side effect and online Elo are those of the reference', () => {
    const { votes } = synthetic
    expect(worstRating(rankVotes(votes, { method: 'davidson' }), all.davidson_elo)).toBeLessThan(RATING)
    expect(worstRating(rankVotes(votes, { method: 'rao-kupper' }), all.raokupper_elo)).toBeLessThan(RATING)
    const { sideEffect } = rankVotes(votes, { side: true })
    expect(sideEffect?.estimate).toBeCloseTo(position_bias_logit[0], 8)
    expect(sideEffect?.se).toBeCloseTo(position_bias_logit[1], 8)
    expect(worstRating(rankVotes(votes, { method: 'elo', interval: 'none' }), online_elo_k4)).toBeLessThan(1e-9)
  })

  test('style control finds the coefficients, ratings and errors of the reference', () => {
    const { votes, features } = synthetic
    const board = rankWithStyle(votes, { features })
    expect(worstRating(board, style.elo)).toBeLessThan(RATING)
    expect(worstError(board, style.se_elo)).toBeLessThan(ERROR)
    board.effects.forEach((effect, k) => {
      expect(effect.estimate).toBeCloseTo(style.coefs[k] ?? Number.NaN, 7)
      expect(effect.se).toBeCloseTo(style.se_coefs[k] ?? Number.NaN, 7)
    })
  })

  test('the eight categories are those of the reference', () => {
    const { votes, category } = synthetic
    rankBoards(votes, { boards: 8, board: category }).forEach((board, k) => {
      const expected = by_category[k]
      if (!expected) throw new Error(`no category ${k}`)
      expect(worstRating(board, expected.elo)).toBeLessThan(RATING)
      expect(worstError(board, expected.se_sandwich_elo)).toBeLessThan(ERROR)
    })
  })
})
