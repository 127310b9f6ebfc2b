import { describe, expect, test } from 'vitest'
import { rankWithStyle } from '../../ranking/rank-style.ts'
import { rankVotes } from '../../ranking/rank-votes.ts'
import { createRandom } from '../../ranking/random.ts'
import { POINTS_PER_LOGIT } from '../../ranking/scale.ts'
import type { Board, RankedRow } from '../../ranking/board.ts'
import { drawOutcome, pick, simulateArena, type ArenaSpec, type SimulatedArena } from './support/simulated-arena.ts'

const ARENAS = 600

/** Share of models whose true rating lies in its interval, and of arenas whose true places all lie in their ranges. */
function coverage(spec: Omit<ArenaSpec, 'seed'>, rank: (arena: SimulatedArena) => Board<RankedRow>) {
  let inside = 0
  let models = 0
  let allPlaces = 0
  for (let seed = 1; seed <= ARENAS; seed++) {
    const arena = simulateArena({ ...spec, seed })
    const truth = Array.from(arena.theta, (theta) => 1000 + POINTS_PER_LOGIT * theta)
    const board = rank(arena)
    let places = 0
    for (const row of board.rows) {
      const rating = truth[row.model] ?? Number.NaN
      const place = 1 + truth.filter((other) => other > rating).length
      if (row.lower <= rating && rating <= row.upper) inside++
      if (row.rankLower <= place && place <= row.rankUpper) places++
    }
    models += board.rows.length
    if (places === board.rows.length) allPlaces++
  }
  return { ratings: inside / models, places: allPlaces / ARENAS }
}

describe(`in ${ARENAS} simulated arenas`, () => {
  test('95 % intervals hold 95 % of true ratings when every vote stands alone', () => {
    const share = coverage({ models: 12, votes: 1500, ties: 0.4 }, ({ votes }) => rankVotes(votes))
    expect(share.ratings).toBeGreaterThan(0.935)
    expect(share.ratings).toBeLessThan(0.965)
    expect(share.places).toBeGreaterThan(0.95)
  })

  test('95 % intervals hold 95 % of true ratings when voters have tastes, if clustered by voter', () => {
    const spec = { models: 8, votes: 2400, voters: 120, taste: 0.9, ties: 0.3, spread: 0.3 }
    // The mean voter's odds are not σ(θ): what the board estimates is the pooled log odds, found from many votes.
    const truth = pooledTruth(spec)
    const share = (rank: (arena: SimulatedArena) => Board<RankedRow>) => sameWorldCoverage(spec, truth, rank)
    const clustered = share(({ votes, voter }) => rankVotes(votes, { clusters: { name: 'voter', of: voter } }))
    expect(clustered).toBeGreaterThan(0.935)
    expect(clustered).toBeLessThan(0.965)
    // What every other arena prints:
    expect(share(({ votes }) => rankVotes(votes))).toBeLessThan(0.88)
  })

  test('model-based intervals are too wide where ties count as half wins', () => {
    const share = coverage({ models: 12, votes: 1500, ties: 0.4 }, ({ votes }) =>
      rankVotes(votes, { interval: 'model' }),
    )
    expect(share.ratings).toBeGreaterThan(0.97)
  })

  test('style coefficients lie in their intervals', () => {
    let inside = 0
    for (let seed = 1; seed <= ARENAS; seed++) {
      const { votes, features } = styledArena(seed)
      const [effect] = rankWithStyle(votes, { features }).effects
      if (effect && Math.abs(effect.estimate - STYLE_PER_DEVIATION) <= 1.96 * effect.se) inside++
    }
    expect(inside / ARENAS).toBeGreaterThan(0.93)
    expect(inside / ARENAS).toBeLessThan(0.97)
  })
})

interface Tastes {
  models: number
  votes: number
  voters: number
  taste: number
  ties: number
  spread: number
}

/** One world of models; voters are drawn anew for every arena, each with tastes of their own. */
function tasteArena({ models, votes, voters, taste, ties, spread }: Tastes, seed: number): SimulatedArena {
  const random = createRandom(seed)
  const strengths = createRandom(77)
  const theta = Float64Array.from({ length: models }, () => spread * strengths.normal())
  const likings = Float64Array.from({ length: models * voters }, () => taste * random.normal())
  const a = new Uint16Array(votes)
  const b = new Uint16Array(votes)
  const outcome = new Uint8Array(votes)
  const voter = new Int32Array(votes)
  for (let v = 0; v < votes; v++) {
    const who = pick(random, voters)
    const i = pick(random, models)
    const j = (i + 1 + pick(random, models - 1)) % models
    const like = (model: number) => (theta[model] ?? 0) + (likings[who * models + model] ?? 0)
    a[v] = i
    b[v] = j
    voter[v] = who
    outcome[v] = drawOutcome(random, 1 / (1 + Math.exp(like(j) - like(i))), ties)
  }
  return { votes: { models, length: votes, a, b, outcome }, voter, theta }
}

function pooledTruth(spec: Tastes): Map<number, number> {
  const many = tasteArena({ ...spec, voters: 60_000, votes: 1_500_000 }, 999_983)
  return new Map(rankVotes(many.votes).rows.map((row) => [row.model, row.rating]))
}

function sameWorldCoverage(
  spec: Tastes,
  truth: ReadonlyMap<number, number>,
  rank: (arena: SimulatedArena) => Board<RankedRow>,
): number {
  let inside = 0
  for (let seed = 1; seed <= ARENAS; seed++) {
    for (const row of rank(tasteArena(spec, seed)).rows) {
      const rating = truth.get(row.model) ?? Number.NaN
      if (row.lower <= rating && rating <= row.upper) inside++
    }
  }
  return inside / (ARENAS * spec.models)
}

/** Answers of 1 … 400 tokens at random: the normalised difference has a known deviation, so the truth is known. */
const STYLE = 0.6
const STYLE_PER_DEVIATION = STYLE * deviationOfDifference()

function deviationOfDifference(): number {
  let squares = 0
  for (let x = 1; x <= 400; x++) for (let y = 1; y <= 400; y++) squares += ((x - y) / (x + y + 1)) ** 2
  return Math.sqrt(squares / 400 ** 2)
}

function styledArena(seed: number) {
  const random = createRandom(seed)
  const [models, votes] = [6, 1200]
  const theta = Float64Array.from({ length: models }, () => 0.6 * random.normal())
  const columns = { a: new Uint16Array(votes), b: new Uint16Array(votes), outcome: new Uint8Array(votes) }
  const length = { a: new Int32Array(votes), b: new Int32Array(votes) }
  for (let v = 0; v < votes; v++) {
    const i = pick(random, models)
    const j = (i + 1 + pick(random, models - 1)) % models
    const [x, y] = [1 + pick(random, 400), 1 + pick(random, 400)]
    const eta = (theta[i] ?? 0) - (theta[j] ?? 0) + (STYLE * (x - y)) / (x + y + 1)
    columns.a[v] = i
    columns.b[v] = j
    columns.outcome[v] = drawOutcome(random, 1 / (1 + Math.exp(-eta)), 0.3)
    length.a[v] = x
    length.b[v] = y
  }
  return { votes: { models, length: votes, ...columns }, features: [{ name: 'length', ...length }] }
}
