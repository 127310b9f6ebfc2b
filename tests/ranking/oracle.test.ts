import { inverse, Matrix } from 'ml-matrix'
import { expect, test } from 'vitest'
import { rankVotes } from '../../ranking/rank-votes.ts'
import { POINTS_PER_LOGIT } from '../../ranking/scale.ts'
import type { VoteColumns } from '../../ranking/vote-columns.ts'
import { simulateArena } from './support/simulated-arena.ts'

/**
 * Bradley–Terry the long way: a logistic regression on one row per vote with dense matrices of another library, the
 * last model fixed at 0, plain Newton. Nothing is shared with the code under test but the definition.
 */
function longWay({ models, length, a, b, outcome }: VoteColumns, cluster: Int32Array, side: boolean) {
  const columns = models - 1 + (side ? 1 : 0)
  const design = Matrix.zeros(length, columns)
  const score = new Float64Array(length)
  for (let v = 0; v < length; v++) {
    const [i, j] = [a[v] ?? 0, b[v] ?? 0]
    if (i < models - 1) design.set(v, i, 1)
    if (j < models - 1) design.set(v, j, -1)
    if (side) design.set(v, models - 1, 1)
    score[v] = outcome[v] === 0 ? 1 : outcome[v] === 1 ? 0 : 0.5
  }
  let beta = Matrix.zeros(columns, 1)
  let information = Matrix.eye(columns)
  let residuals: number[] = []
  for (let step = 0; step < 30; step++) {
    const p = design
      .mmul(beta)
      .to1DArray()
      .map((eta) => 1 / (1 + Math.exp(-eta)))
    residuals = p.map((probability, v) => (score[v] ?? 0) - probability)
    const weighted = design.clone()
    p.forEach((probability, v) => weighted.mulRow(v, probability * (1 - probability)))
    information = design.transpose().mmul(weighted)
    beta = beta.add(inverse(information).mmul(design.transpose().mmul(Matrix.columnVector(residuals))))
  }
  const scores = new Map<number, number[]>()
  residuals.forEach((residual, v) => {
    const sum = scores.get(cluster[v] ?? 0) ?? Array.from({ length: columns }, () => 0)
    scores.set(
      cluster[v] ?? 0,
      sum.map((value, k) => value + residual * design.get(v, k)),
    )
  })
  const stacked = new Matrix([...scores.values()])
  const meat = stacked
    .transpose()
    .mmul(stacked)
    .mul(scores.size / (scores.size - 1))
  const bread = inverse(information)
  const covariance = bread.mmul(meat).mmul(bread)
  // From "relative to the last model" to "relative to the mean".
  const toMean = Matrix.zeros(models, columns)
  for (let i = 0; i < models; i++) {
    for (let k = 0; k < models - 1; k++) toMean.set(i, k, (i === k ? 1 : 0) - 1 / models)
  }
  return {
    theta: toMean.mmul(beta).to1DArray(),
    errors: toMean.mmul(covariance).mmul(toMean.transpose()).diagonal().map(Math.sqrt),
    gamma: side ? beta.get(models - 1, 0) : 0,
    gammaError: side ? Math.sqrt(covariance.get(models - 1, models - 1)) : 0,
  }
}

test.each([
  { side: false, seed: 11 },
  { side: true, seed: 12 },
])(
  'ratings and clustered errors are those of a logistic regression by another library (side: $side)',
  ({ side, seed }) => {
    const { votes, voter } = simulateArena({ models: 7, votes: 900, seed, voters: 40, taste: 0.7, side: 0.3 })
    const expected = longWay(votes, voter, side)
    const board = rankVotes(votes, { side, clusters: { name: 'voter', of: voter } })
    for (const row of board.rows) {
      expect(row.rating).toBeCloseTo(1000 + POINTS_PER_LOGIT * (expected.theta[row.model] ?? 0), 7)
      expect(row.se).toBeCloseTo(POINTS_PER_LOGIT * (expected.errors[row.model] ?? 0), 7)
    }
    if (!side) return
    expect(board.sideEffect?.estimate).toBeCloseTo(expected.gamma, 9)
    expect(board.sideEffect?.se).toBeCloseTo(expected.gammaError, 9)
  },
)
