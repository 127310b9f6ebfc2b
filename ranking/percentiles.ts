import type { ComponentEstimate } from './component-estimate.ts'
import type { Component } from './connectivity.ts'
import { rankRanges } from './ranks.ts'
import { tukeyCriticalValue } from './studentized-range.ts'

/** Replicates: one row of `stride` numbers a round, the models' ratings first, in points. */
export interface Replicates {
  readonly values: Float64Array
  readonly stride: number
}

/** Percentile intervals around ratings, and rank ranges from the spread of differences. */
export function percentileEstimate(
  component: Component,
  ratings: Float64Array,
  { values, stride }: Replicates,
  level: number,
): ComponentEstimate {
  const rounds = values.length / stride
  const columns = Array.from(ratings, (_, i) =>
    Float64Array.from({ length: rounds }, (__, round) => values[round * stride + i] ?? 0),
  )
  const models = columns.map((column, i) => {
    const sorted = column.slice().sort()
    return {
      rating: ratings[i] ?? 0,
      se: standardDeviation(column),
      lower: quantile(sorted, (1 - level) / 2),
      upper: quantile(sorted, (1 + level) / 2),
    }
  })
  const none = new Float64Array(0)
  const errorOfDifference = (i: number, j: number) =>
    Math.sqrt(varianceOfDifference(columns[i] ?? none, columns[j] ?? none))
  const critical = tukeyCriticalValue(ratings.length, level)
  return { component, models, ranks: rankRanges(ratings, errorOfDifference, critical) }
}

/** Linear interpolation between order statistics, as numpy does it. */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1)
  const low = sorted[Math.floor(at)] ?? 0
  return low + (at - Math.floor(at)) * ((sorted[Math.ceil(at)] ?? low) - low)
}

/** Of a sample, with n − 1. */
export function standardDeviation(sample: Float64Array): number {
  return Math.sqrt(varianceOfDifference(sample, new Float64Array(sample.length)))
}

function varianceOfDifference(x: Float64Array, y: Float64Array): number {
  let sum = 0
  let squares = 0
  for (let k = 0; k < x.length; k++) {
    const difference = (x[k] as number) - (y[k] as number)
    sum += difference
    squares += difference * difference
  }
  return Math.max(0, (squares - (sum * sum) / x.length) / Math.max(1, x.length - 1))
}
