import { describe, expect, test } from 'vitest'
import { compareModels, toComparisonBasis } from '../../ranking/comparison.ts'
import { findDrift } from '../../ranking/drift.ts'
import { findFragility } from '../../ranking/fragility.ts'
import { createLiveBoard } from '../../ranking/live-board.ts'
import { createRandom } from '../../ranking/random.ts'
import { fitVotes, rankVotes } from '../../ranking/rank-votes.ts'
import { screenVoters, type VoterReference } from '../../ranking/voter-screen.ts'
import { asLiveVotes, drawOutcome, pick, votesOf } from './support/simulated-arena.ts'

describe('is this model better than that one', () => {
  const votes = votesOf('0>1×60 1>0×40 1>2×55 2>1×45 3>4 4>3')
  const fits = fitVotes(votes)
  const basis = toComparisonBasis(fits, 6)

  test('the chance is one half against itself and mirrors when the two are exchanged', () => {
    const forth = compareModels(basis, 0, 2)
    const back = compareModels(basis, 2, 0)
    if (forth === 'disconnected' || back === 'disconnected') throw new Error('they are connected')
    expect(forth.probability + back.probability).toBeCloseTo(1, 12)
    expect(forth.probability).toBeGreaterThan(0.9)
    expect(forth.difference).toBeCloseTo(-back.difference, 9)
    expect(forth.se).toBeCloseTo(back.se, 9)
  })

  test('models of different worlds, or without votes, have no answer', () => {
    expect(compareModels(basis, 0, 3)).toBe('disconnected')
    expect(compareModels(basis, 0, 5)).toBe('disconnected')
    expect(compareModels(basis, 0, 99)).toBe('disconnected')
  })

  test('so many further votes as it says make the difference significant', () => {
    const comparison = compareModels(basis, 1, 2)
    if (comparison === 'disconnected') throw new Error('they are connected')
    const { votesNeeded, difference } = comparison
    expect(votesNeeded).toBeGreaterThan(100)
    const p = 1 / (1 + 10 ** (-difference / 400))
    const wins = Math.round(votesNeeded * p)
    const more = votesOf(`0>1×60 1>0×40 1>2×${55 + wins} 2>1×${45 + votesNeeded - wins}`)
    const after = compareModels(toComparisonBasis(fitVotes(more), 3), 1, 2)
    if (after === 'disconnected') throw new Error('they are connected')
    expect(after.difference / after.se).toBeGreaterThan(1.9)
    expect(after.difference / after.se).toBeLessThan(2.05)
  })

  test('what is significant already needs no vote, what is equal never gets there', () => {
    const clear = compareModels(toComparisonBasis(fitVotes(votesOf('0>1×90 1>0×10')), 2), 0, 1)
    expect(clear).toMatchObject({ votesNeeded: 0 })
    const equal = compareModels(toComparisonBasis(fitVotes(votesOf('0>1×50 1>0×50')), 2), 0, 1)
    expect(equal).toMatchObject({ votesNeeded: Number.POSITIVE_INFINITY, probability: 0.5 })
  })

  test('a live board answers after its basis crossed to another thread', () => {
    const live = createLiveBoard()
    for (const vote of asLiveVotes({ votes, voter: new Int32Array(votes.length) })) live.add(vote)
    live.refit()
    expect(compareModels(structuredClone(live.comparisonBasis()), 0, 1)).toMatchObject({ votesNeeded: 0 })
  })
})

describe('how fragile is the first place', () => {
  test('of a close race, the votes named change the winner when they are gone', () => {
    const text = '0>1×103 1>0×100 0>2×80 2>0×60 1>2×79 2>1×60'
    const [fit] = fitVotes(votesOf(text))
    if (!fit) throw new Error('a fit was expected')
    const fragility = findFragility(fit)
    expect(fragility).toMatchObject({ leader: 0, challenger: 1 })
    expect(fragility?.votes).toBeLessThan(6)
    const counts = { '0>1': 103, '1>0': 100, '0>2': 80, '2>0': 60, '1>2': 79, '2>1': 60 }
    for (const { first, second, outcome, votes } of fragility?.dropped ?? []) {
      const key = (outcome === 'win' ? `${first}>${second}` : `${second}>${first}`) as keyof typeof counts
      counts[key] -= votes
    }
    const left = Object.entries(counts).map(([pair, times]) => `${pair}×${times}`)
    expect(rankVotes(votesOf(left.join(' '))).rows[0]?.model).toBe(1)
  })

  test('a clear winner takes many votes to unseat', () => {
    const [fit] = fitVotes(votesOf('0>1×300 1>0×100 0>2×300 2>0×100 1>2×100 2>1×100'))
    const fragility = fit && findFragility(fit)
    expect(fragility?.votes).toBeGreaterThan(100)
    expect(fragility?.share).toBeGreaterThan(0.1)
  })
})

describe('did a model change between two periods', () => {
  const period = (seed: number, improved: number) => {
    const random = createRandom(seed)
    const theta = [0.5, 0.2, 0, -0.2, -0.5].map((strength, i) => (i === 2 ? strength + improved : strength))
    const votes = Array.from({ length: 3000 }, () => {
      const a = pick(random, 5)
      const b = (a + 1 + pick(random, 4)) % 5
      return { a, b, code: drawOutcome(random, 1 / (1 + Math.exp((theta[b] ?? 0) - (theta[a] ?? 0))), 0.3) }
    })
    const [fit] = fitVotes({
      models: 5,
      length: votes.length,
      a: Uint16Array.from(votes, (vote) => vote.a),
      b: Uint16Array.from(votes, (vote) => vote.b),
      outcome: Uint8Array.from(votes, (vote) => vote.code),
    })
    if (!fit) throw new Error('a fit was expected')
    return fit
  }

  test('the one that did is found, and by how much', () => {
    const drift = findDrift(period(1, 0), period(2, 0.5))
    if (drift === 'too-few-common') throw new Error('all are common')
    expect(drift.p).toBeLessThan(1e-6)
    expect(drift.models[0]).toMatchObject({ model: 2 })
    expect(drift.models[0]?.adjustedP).toBeLessThan(1e-6)
    // 0.5 logits, four fifths of it relative to the mean of five.
    expect(drift.models[0]?.change).toBeGreaterThan(45)
    expect(drift.models[0]?.change).toBeLessThan(95)
  })

  test('where none did, the test is uniform: one in twenty is below 0.05', () => {
    const periods = Array.from({ length: 400 }, (_, k) => {
      const drift = findDrift(period(10 + 2 * k, 0), period(11 + 2 * k, 0))
      return drift === 'too-few-common' ? Number.NaN : drift.p
    })
    const below = periods.filter((p) => p < 0.05).length / periods.length
    expect(below).toBeGreaterThan(0.02)
    expect(below).toBeLessThan(0.09)
  })

  test('periods without two models in common cannot be compared', () => {
    const [first] = fitVotes(votesOf('0>1 1>0'))
    const [second] = fitVotes(votesOf('1>2 2>1'))
    if (!first || !second) throw new Error('fits were expected')
    expect(findDrift(first, second)).toBe('too-few-common')
  })
})

/** Simulated rates: 300 honest voters and 40 of one bad kind, a hundred votes each unless said, against an earlier fit. */
describe('which voters do not judge like the others', () => {
  const HONEST = 300
  const BAD = 40
  const MODELS = 20

  type Vote = { a: number; b: number; p: number }
  type Habit = (vote: Vote, random: ReturnType<typeof createRandom>) => number

  const honest: Habit = ({ p }, random) => drawOutcome(random, p, 0.35)

  function screened(bad: Habit, seed: number, each = 100) {
    const random = createRandom(seed)
    const theta = Float64Array.from({ length: MODELS }, () => 0.9 * random.normal())
    const early = simulateEarlier(theta, seed)
    const voters = HONEST + BAD
    const length = voters * each
    const columns = { a: new Uint16Array(length), b: new Uint16Array(length), outcome: new Uint8Array(length) }
    const voter = new Int32Array(length)
    for (let v = 0; v < length; v++) {
      const who = v % voters
      const a = pick(random, MODELS)
      const b = (a + 1 + pick(random, MODELS - 1)) % MODELS
      const p = 1 / (1 + Math.exp((theta[b] ?? 0) - (theta[a] ?? 0)))
      columns.a[v] = a
      columns.b[v] = b
      columns.outcome[v] = (who < HONEST ? honest : bad)({ a, b, p }, random)
      voter[v] = who
    }
    const screens = screenVoters({ models: MODELS, length, ...columns }, voter, early)
    const flagged = (isBad: boolean) => screens.filter((each) => each.isSuspicious && each.voter >= HONEST === isBad)
    return { screens, found: flagged(true).length / BAD, falseAlarms: flagged(false).length }
  }

  function simulateEarlier(theta: Float64Array, seed: number): VoterReference {
    const random = createRandom(seed + 1)
    const votes = Array.from({ length: 20_000 }, () => {
      const a = pick(random, MODELS)
      const b = (a + 1 + pick(random, MODELS - 1)) % MODELS
      return { a, b, code: honest({ a, b, p: 1 / (1 + Math.exp((theta[b] ?? 0) - (theta[a] ?? 0))) }, random) }
    })
    const [fit] = fitVotes({
      models: MODELS,
      length: votes.length,
      a: Uint16Array.from(votes, (vote) => vote.a),
      b: Uint16Array.from(votes, (vote) => vote.b),
      outcome: Uint8Array.from(votes, (vote) => vote.code),
    })
    const ties = votes.filter((vote) => vote.code > 1).length
    return { theta: fit?.point.slice(0, MODELS) ?? theta, tieShare: ties / votes.length }
  }

  test('a voter who always clicks left is found for sure', () => {
    const { found, falseAlarms } = screened(() => 0, 1)
    expect(found).toBe(1)
    expect(falseAlarms).toBeLessThanOrEqual(2)
  })

  test('a voter who promotes one model is mostly found after three hundred votes', () => {
    const promote: Habit = ({ a, b, p }, random) => (a === 3 ? 0 : b === 3 ? 1 : drawOutcome(random, p, 0.35))
    const { found, falseAlarms, screens } = screened(promote, 5, 300)
    expect(found).toBeGreaterThan(0.6)
    expect(falseAlarms).toBeLessThanOrEqual(2)
    const promoters = screens.filter((screen) => screen.voter >= HONEST)
    expect(promoters.filter((screen) => screen.promotion.model === 3).length / BAD).toBeGreaterThan(0.9)
  })

  test('a voter who clicks at random is nearly always found after a hundred votes', () => {
    const { found, falseAlarms } = screened((_, random) => pick(random, 2), 9)
    expect(found).toBeGreaterThan(0.8)
    expect(falseAlarms).toBeLessThanOrEqual(2)
  })

  test('honest voters alone raise no alarm', () => {
    const alarms = [21, 22, 23]
      .map((seed) => screened(honest, seed))
      .map(({ found, falseAlarms }) => falseAlarms + found)
    expect(alarms.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(2)
  })

  test('a voter with few votes is not judged', () => {
    const votes = votesOf('0>1×10')
    const reference = { theta: Float64Array.of(-3, 3), tieShare: 0 }
    expect(screenVoters(votes, new Int32Array(10), reference)).toEqual([])
    expect(screenVoters(votes, new Int32Array(10), reference, { minimumVotes: 5 })).toMatchObject([
      { isSuspicious: true },
    ])
  })
})
