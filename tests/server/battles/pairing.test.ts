import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawOne, drawPair } from '../../../server/battles/pairing.ts'

function counted(weights: Record<string, number>, draws: number): Map<string, number> {
  const contestants = Object.entries(weights).map(([id, weight]) => ({ id, weight }))
  const counts = new Map<string, number>()
  let seed = 1
  const random = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return seed / 2 ** 32
  }
  for (let index = 0; index < draws; index += 1) {
    const pair = drawPair(contestants, random)
    if (!pair) throw new Error('nobody was drawn')
    counts.set(`${pair.a}${pair.b}`, (counts.get(`${pair.a}${pair.b}`) ?? 0) + 1)
  }
  return counts
}

/** How many standard errors a count of `draws` binomial trials lies from its expectation. */
function zScore(count: number, draws: number, share: number): number {
  return (count - draws * share) / Math.sqrt(draws * share * (1 - share))
}

describe('drawing a pair', () => {
  test('with equal weights every ordered pair is as likely as any other', () => {
    const draws = 60_000
    const counts = counted({ a: 1, b: 1, c: 1 }, draws)
    expect(counts.size).toBe(6)
    for (const count of counts.values()) expect(Math.abs(zScore(count, draws, 1 / 6))).toBeLessThan(4)
  })

  test('pairs follow the product of weights and both side orders are alike', () => {
    const draws = 120_000
    const weights = { a: 1, b: 2, c: 3 }
    const counts = counted(weights, draws)
    const total = 1 * 2 + 1 * 3 + 2 * 3
    for (const [pair, product] of Object.entries({ ab: 2, ac: 3, bc: 6 })) {
      const swapped = [...pair].reverse().join('')
      for (const order of [pair, swapped]) {
        expect(Math.abs(zScore(counts.get(order) ?? 0, draws, product / total / 2))).toBeLessThan(4)
      }
    }
  })

  test('a model never meets itself, and weight zero is never drawn', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(5), { minLength: 2, maxLength: 8 }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
        (weights, stream) => {
          const contestants = weights.map((weight, id) => ({ id, weight }))
          const pair = drawPair(contestants, () => stream.next().value)
          const able = weights.filter((weight) => weight > 0).length
          if (able < 2) return pair === undefined
          return pair !== undefined && pair.a !== pair.b && (weights[pair.a] ?? 0) > 0 && (weights[pair.b] ?? 0) > 0
        },
      ),
    )
  })

  test('with one model or none there is no pair', () => {
    expect(drawPair([], Math.random)).toBeUndefined()
    expect(drawPair([{ id: 'a', weight: 1 }], () => 0.5)).toBeUndefined()
    expect(drawOne([], () => 0.5)).toBeUndefined()
  })
})
