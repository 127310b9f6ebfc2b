import type { ComponentFit } from './component-fit.ts'
import type { Component } from './connectivity.ts'
import type { Covariance } from './covariance.ts'
import { normalQuantile } from './normal.ts'
import type { Interval } from './ranks.ts'
import { POINTS_PER_LOGIT } from './scale.ts'

/** What a board says about one model, in rating points relative to the mean of its component. */
export interface ModelEstimate extends Interval {
  readonly rating: number
  readonly se: number
  /** For rank ranges: with the stated confidence all models' intervals hold at once. */
  readonly simultaneous: Interval
}

/** Estimates of one connected component, aligned with `component.models`; whatever the method. */
export interface ComponentEstimate {
  readonly component: Component
  readonly models: readonly ModelEstimate[]
}

/** Normal intervals from a fit and its covariance. */
export function estimateFrom(fit: ComponentFit, covariance: Covariance, level: number): ComponentEstimate {
  const pointwise = normalQuantile((1 + level) / 2)
  const models = Array.from(fit.component.models, (_, i) =>
    normalEstimate({
      rating: POINTS_PER_LOGIT * (fit.point[i] ?? 0),
      se: POINTS_PER_LOGIT * (covariance.errors[i] ?? 0),
      pointwise,
      critical: covariance.criticalValue,
    }),
  )
  return { component: fit.component, models }
}

/** Estimates that claim nothing about their error: intervals of no width. */
export function bareEstimate(component: Component, ratings: ArrayLike<number>): ComponentEstimate {
  const models = Array.from(component.models, (_, i) =>
    normalEstimate({ rating: ratings[i] ?? 0, se: 0, pointwise: 0, critical: 0 }),
  )
  return { component, models }
}

export function normalEstimate({
  rating,
  se,
  pointwise,
  critical,
}: {
  rating: number
  se: number
  pointwise: number
  critical: number
}): ModelEstimate {
  return {
    rating,
    se,
    lower: rating - pointwise * se,
    upper: rating + pointwise * se,
    simultaneous: { lower: rating - critical * se, upper: rating + critical * se },
  }
}
