import fc from 'fast-check'
import { inverse, Matrix } from 'ml-matrix'
import { describe, expect, test } from 'vitest'
import { chiSquareTail } from '../../ranking/chi-square.ts'
import { factorize, invertFactored, solveFactored } from '../../ranking/cholesky.ts'
import { KeyTable } from '../../ranking/key-table.ts'
import { normalCdf, normalQuantile } from '../../ranking/normal.ts'
import { PoissonSampler } from '../../ranking/poisson.ts'
import { createRandom } from '../../ranking/random.ts'
import { strongComponents } from '../../ranking/strong-components.ts'
import { rangeCdf, tukeyCriticalValue } from '../../ranking/studentized-range.ts'
import { sandwich } from '../../ranking/symmetric-products.ts'
import { DAVIDSON, RAO_KUPPER, type TieTerms } from '../../ranking/tie-kernels.ts'

/** Figures below come from scipy 1.17: norm, chi2, studentized_range. */
describe('distributions', () => {
  test.each([
    [0, 0.5],
    [1, 0.8413447460685429],
    [1.959963984540054, 0.975],
    [-2.5, 0.006209665325776132],
    [-5, 2.866515718791933e-7],
    [-8, 6.22096057427174e-16],
    [-20, 2.7536241186061556e-89],
    [3.0000001, 0.9986501024115547],
  ])('the normal distribution up to %d is known to 13 digits', (x, expected) => {
    expect(Math.abs(normalCdf(x) / expected - 1)).toBeLessThan(1e-13)
  })

  test('the normal quantile undoes the distribution', () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 13)
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), (p) => {
        expect(Math.abs(normalCdf(normalQuantile(p)) - p)).toBeLessThan(1e-14 + 1e-12 * p)
      }),
    )
  })

  test.each([
    [3.841458820694124, 1, 0.05],
    [0.5, 1, 0.4795001221869535],
    [10, 4, 0.04042768199451279],
    [150, 128, 0.08940910910763854],
    [250, 128, 6.593976700992979e-10],
    [0, 3, 1],
  ])('a chi-square of %d on %d degrees has tail %d', (x, degrees, expected) => {
    expect(Math.abs(chiSquareTail(x, degrees) / expected - 1)).toBeLessThan(1e-11)
  })

  test.each([
    [2, 1.9599639845400534],
    [3, 2.343700586378409],
    [10, 3.163683577053373],
    [59, 4.0683895123222715],
    [300, 4.75585521335463],
    [1000, 5.211113569560179],
  ])('all differences of %d estimates together need a critical value of %d', (count, expected) => {
    expect(tukeyCriticalValue(count, 0.95)).toBeCloseTo(expected, 8)
  })

  test('the range of normals is 0 at least and grows', () => {
    expect(rangeCdf(0, 5)).toBeCloseTo(0, 12)
    expect(rangeCdf(12, 5)).toBeCloseTo(1, 12)
  })
})

describe('random numbers', () => {
  test('the same seed gives the same stream, another seed another', () => {
    const stream = (seed: number) => {
      const random = createRandom(seed)
      return Array.from({ length: 5 }, () => random.bits())
    }
    expect(stream(1)).toEqual(stream(1))
    expect(stream(1)).not.toEqual(stream(2))
    expect(new Set(stream(0)).size).toBe(5)
  })

  test('normals have the moments of normals', () => {
    const random = createRandom(4)
    const draws = Array.from({ length: 200_000 }, () => random.normal())
    const moment = (power: number) => draws.reduce((sum, x) => sum + x ** power, 0) / draws.length
    expect(moment(1)).toBeCloseTo(0, 2)
    expect(moment(2)).toBeCloseTo(1, 1)
    expect(moment(4)).toBeCloseTo(3, 0)
  })

  test.each([0.3, 1, 2.7, 17, 64, 100, 1000, 65_537, 3_000_000])(
    'Poisson numbers of mean %d have its mean and variance, and its frequencies',
    (mean) => {
      const sampler = new PoissonSampler(createRandom(12))
      const count = 50_000
      const draws = Array.from({ length: count }, () => sampler.draw(mean))
      const average = draws.reduce((sum, x) => sum + x, 0) / count
      const variance = draws.reduce((sum, x) => sum + (x - average) ** 2, 0) / count
      expect(Math.abs(average - mean)).toBeLessThan(4.5 * Math.sqrt(mean / count))
      expect(Math.abs(variance / mean - 1)).toBeLessThan(0.05)
      if (mean > 20) return
      for (let k = 0; k < mean + 3; k++) {
        let p = Math.exp(-mean)
        for (let i = 1; i <= k; i++) p *= mean / i
        const seen = draws.filter((x) => x === k).length / count
        expect(Math.abs(seen - p)).toBeLessThan(4.5 * Math.sqrt((p * (1 - p)) / count) + 3 / count)
      }
    },
  )

  test('no votes are never drawn as some', () => {
    expect(new PoissonSampler(createRandom(1)).draw(0)).toBe(0)
  })
})

describe('linear algebra', () => {
  const sizes = fc.integer({ min: 1, max: 23 })
  const definite = (size: number, seed: number) => {
    const random = createRandom(seed)
    const root = Matrix.zeros(size, size)
    for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) root.set(i, j, random.normal())
    return root.mmul(root.transpose()).add(Matrix.eye(size))
  }

  test('inverse and solution are those of another library', () => {
    fc.assert(
      fc.property(sizes, fc.nat(1000), (size, seed) => {
        const matrix = definite(size, seed)
        const factor = Float64Array.from(matrix.to1DArray())
        expect(factorize(factor, size)).toBe(true)
        const expected = inverse(matrix)
        invertFactored(factor, size).forEach((value, k) => {
          expect(value).toBeCloseTo(expected.get(Math.floor(k / size), k % size), 9)
        })
        const b = Float64Array.from({ length: size }, (_, i) => i - 2)
        const x = b.slice()
        solveFactored(factor, size, x)
        const product = matrix.mmul(Matrix.columnVector([...x])).to1DArray()
        product.forEach((value, i) => expect(value).toBeCloseTo(b[i] ?? Number.NaN, 8))
      }),
      { numRuns: 40 },
    )
  })

  test('a matrix that is not definite is refused', () => {
    expect(factorize(Float64Array.of(1, 2, 2, 1), 2)).toBe(false)
  })

  test('the product of three is that of another library', () => {
    fc.assert(
      fc.property(sizes, fc.nat(1000), (size, seed) => {
        const [c, b] = [definite(size, seed), definite(size, seed + 1)]
        const expected = c.mmul(b).mmul(c).to1DArray()
        const flat = (matrix: Matrix) => Float64Array.from(matrix.to1DArray())
        sandwich(flat(c), flat(b), size).forEach((value, k) => {
          expect(Math.abs(value - (expected[k] ?? Number.NaN))).toBeLessThan(1e-8 * (1 + Math.abs(value)))
        })
      }),
      { numRuns: 40 },
    )
  })
})

describe('structures', () => {
  test('a key table numbers pairs in order of first sight and finds them again', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(50), fc.nat(50))), (pairs) => {
        const table = new KeyTable()
        const seen = new Map<string, number>()
        for (const [x, y] of pairs) {
          const expected = seen.get(`${x},${y}`) ?? seen.size
          seen.set(`${x},${y}`, expected)
          expect(table.add(x, y)).toBe(expected)
        }
        expect(table.size).toBe(seen.size)
        for (const [key, id] of seen) {
          const [x = 0, y = 0] = key.split(',').map(Number)
          expect(table.find(x, y)).toBe(id)
        }
        expect(table.find(51, 51)).toBe(-1)
      }),
    )
  })

  test('two nodes are in one strong component exactly when each reaches the other', () => {
    const graphs = fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 24 })
    fc.assert(
      fc.property(graphs, (arcs) => {
        const sorted = arcs.toSorted((x, y) => x[0] - y[0])
        const from = new Int32Array(9)
        for (const [tail] of sorted) for (let i = tail + 1; i < 9; i++) from[i] = (from[i] ?? 0) + 1
        const component = strongComponents({ from, to: Int32Array.from(sorted, ([, head]) => head) })
        const reach = Array.from({ length: 8 }, (_, i) => Array.from({ length: 8 }, (__, j) => i === j))
        for (const [tail, head] of arcs) (reach[tail] ?? [])[head] = true
        for (let k = 0; k < 8; k++) {
          for (let i = 0; i < 8; i++)
            for (let j = 0; j < 8; j++) if (reach[i]?.[k] && reach[k]?.[j]) (reach[i] ?? [])[j] = true
        }
        for (let i = 0; i < 8; i++) {
          for (let j = 0; j < 8; j++) {
            expect(component[i] === component[j]).toBe(Boolean(reach[i]?.[j] && reach[j]?.[i]))
          }
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe.each([
  ['Davidson', DAVIDSON, -0.3],
  ['Rao–Kupper', RAO_KUPPER, 0.6],
] as const)('the ties model of %s', (_, kernel, h0) => {
  const points = fc.record({
    d: fc.double({ min: -3, max: 3, noNaN: true }),
    shift: fc.double({ min: -0.4, max: 1.5, noNaN: true }),
  })
  const empty = (): TieTerms => ({ win: 0, loss: 0, tie: 0, winTie: 0, lossTie: 0, tieTie: 0, dd: 0, dh: 0, hh: 0 })

  test('has probabilities that sum to 1', () => {
    fc.assert(
      fc.property(points, ({ d, shift }) => {
        const sum = kernel.logProbabilities(d, h0 + shift).reduce((total, log) => total + Math.exp(log), 0)
        expect(sum).toBeCloseTo(1, 12)
      }),
    )
  })

  test('has the derivatives that it says', () => {
    fc.assert(
      fc.property(points, ({ d, shift }) => {
        const h = h0 + shift
        const votes = { w: 3, l: 2, t: 4 }
        const terms = empty()
        kernel.terms(d, h, votes, terms)
        const e = 1e-5
        const slope = (k: 0 | 1 | 2, inD: number, inH: number) =>
          (kernel.logProbabilities(d + inD * e, h + inH * e)[k] -
            kernel.logProbabilities(d - inD * e, h - inH * e)[k]) /
          (2 * e)
        const analytic = [terms.win, terms.loss, terms.tie]
        const analyticTie = [terms.winTie, terms.lossTie, terms.tieTie]
        for (const k of [0, 1, 2] as const) {
          expect(slope(k, 1, 0)).toBeCloseTo(analytic[k] ?? Number.NaN, 6)
          expect(slope(k, 0, 1)).toBeCloseTo(analyticTie[k] ?? Number.NaN, 6)
        }
        const gradient = (atD: number, atH: number) => {
          const at = empty()
          kernel.terms(atD, atH, votes, at)
          const total = (win: number, loss: number, tie: number) => -(votes.w * win + votes.l * loss + votes.t * tie)
          return [total(at.win, at.loss, at.tie), total(at.winTie, at.lossTie, at.tieTie)] as const
        }
        const curve = (k: 0 | 1, inD: number, inH: number) =>
          (gradient(d + inD * e, h + inH * e)[k] - gradient(d - inD * e, h - inH * e)[k]) / (2 * e)
        expect(curve(0, 1, 0)).toBeCloseTo(terms.dd, 4)
        expect(curve(0, 0, 1)).toBeCloseTo(terms.dh, 4)
        expect(curve(1, 0, 1)).toBeCloseTo(terms.hh, 4)
      }),
    )
  })
})
