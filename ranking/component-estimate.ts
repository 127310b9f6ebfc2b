import type { ComponentFit } from './component-fit.ts'
import type { Component } from './connectivity.ts'
import type { Covariance } from './covariance.ts'
import type { Likelihood } from './likelihood.ts'
import { normalQuantile } from './normal.ts'
import { rankRanges, type Interval, type RankRange } from './ranks.ts'
import { POINTS_PER_LOGIT } from './scale.ts'
import { tukeyCriticalValue } from './studentized-range.ts'

/** What a board says about one model, in rating points relative to the mean of its component. */
export interface ModelEstimate extends Interval {
  readonly rating: number
  readonly se: number
}

/** Estimates of one connected component, aligned with `component.models`; whatever the method. */
export interface ComponentEstimate {
  readonly component: Component
  readonly models: readonly ModelEstimate[]
  /** Places that all pairwise differences together leave open. */
  readonly ranks: readonly RankRange[]
}

/** Normal intervals around a fit. */
export function estimateFrom(fit: ComponentFit<Likelihood>, covariance: Covariance, level: number): ComponentEstimate {
  const ratings = Float64Array.from(fit.component.models, (_, i) => POINTS_PER_LOGIT * (fit.point[i] ?? 0))
  return normalEstimate(fit.component, ratings, {
    level,
    error: (i) => POINTS_PER_LOGIT * (covariance.errors[i] ?? 0),
    errorOfDifference: (i, j) => POINTS_PER_LOGIT * covariance.errorOfDifference(i, j),
  })
}

export interface Errors {
  readonly level: number
  readonly error: (i: number) => number
  readonly errorOfDifference: (i: number, j: number) => number
}

/** Normal intervals around ratings with these standard errors, in points. */
export function normalEstimate(
  component: Component,
  ratings: Float64Array,
  { level, error, errorOfDifference }: Errors,
): ComponentEstimate {
  const z = normalQuantile((1 + level) / 2)
  const models = Array.from(ratings, (rating, i): ModelEstimate => {
    const se = error(i)
    return { rating, se, lower: rating - z * se, upper: rating + z * se }
  })
  const critical = tukeyCriticalValue(ratings.length, level)
  return { component, models, ranks: rankRanges(ratings, errorOfDifference, critical) }
}

/** Ratings that claim nothing about their error: intervals of no width, places by order alone. */
export function bareEstimate(component: Component, ratings: Float64Array): ComponentEstimate {
  return normalEstimate(component, ratings, { level: 0.95, error: () => 0, errorOfDifference: () => 0 })
}
