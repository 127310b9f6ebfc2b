import { BradleyTerrySystem } from './bradley-terry-system.ts'
import { fitBradleyTerry, type BradleyTerryStart } from './bradley-terry.ts'
import type { Component } from './connectivity.ts'
import { inverseHessian } from './inverse-hessian.ts'
import { maxTCriticalValue, MOST_SIMULATED, sidakCriticalValue } from './max-t.ts'
import { clusteredMeat, voteMeat, type ClusterCells } from './meat.ts'
import type { PairTable } from './pair-table.ts'
import { multiplySymmetric, quadraticForm, sandwichDiagonal } from './quadratic-form.ts'

/**
 * With fewer clusters than this the clustered covariance itself is unreliable (and with one it is zero), so the larger
 * of it and the plain one is taken. Cameron & Miller (2015) put "few" between 20 and 50.
 */
export const FEW_CLUSTERS = 20

export interface ComponentFit {
  readonly component: Component
  /** θ per model of the component in logits, then γ. */
  readonly point: Float64Array
  readonly iterations: number
  readonly converged: boolean
  /** Models, and γ when it is estimated. */
  readonly size: number
  /** Inverse Hessian, size × size. */
  readonly inverse: Float64Array
  /** Standard errors in logits, length size. */
  readonly errors: Float64Array
  readonly criticalValue: number
  readonly clusters: number
  /** Variance of a contrast vᵀ(θ, γ) in squared logits, v of length size. */
  readonly variance: (contrast: Float64Array) => number
}

export interface IntervalOptions {
  readonly level: number
  readonly seed: number
}

/** Fits one connected component and its covariance. `cells` switches clustering on. */
export function fitComponent(
  table: PairTable,
  component: Component,
  options: IntervalOptions & {
    readonly side: boolean
    readonly start?: BradleyTerryStart | undefined
    readonly cells?: ClusterCells | undefined
  },
): ComponentFit {
  const system = new BradleyTerrySystem(table, component.isCore, options.side)
  const fit = fitBradleyTerry(system, options.start)
  const { size } = system
  const inverse = inverseHessian(system)
  const clustered = options.cells ? clusteredMeat(table, system, options.cells) : undefined
  const clusters = clustered?.clusters ?? 0
  const meats = clustered ? [clustered.meat] : []
  if (clusters < FEW_CLUSTERS) meats.push(voteMeat(table, system))
  const variances = new Float64Array(size)
  for (const meat of meats) {
    sandwichDiagonal(inverse, meat, size).forEach((v, i) => {
      variances[i] = Math.max(variances[i] ?? 0, v)
    })
  }
  return {
    component,
    ...fit,
    size,
    inverse,
    errors: variances.map(Math.sqrt),
    criticalValue: criticalValueOf(inverse, meats, system, options),
    clusters,
    variance: contrastVariance(inverse, meats, size),
  }
}

function contrastVariance(inverse: Float64Array, meats: readonly Float64Array[], size: number) {
  return (contrast: Float64Array) => {
    const direction = new Float64Array(size)
    multiplySymmetric(inverse, size, contrast, direction)
    return Math.max(...meats.map((meat) => quadraticForm(direction, meat, size)))
  }
}

function criticalValueOf(
  inverse: Float64Array,
  meats: readonly Float64Array[],
  { models, size }: BradleyTerrySystem,
  options: IntervalOptions,
): number {
  const meat = meats[0]
  if (models > MOST_SIMULATED || meat === undefined) return sidakCriticalValue(models, options.level)
  return maxTCriticalValue(covarianceOf(inverse, meat, models, size), models, options)
}

/** The rating block of C B C. */
function covarianceOf(
  c: Float64Array,
  b: Float64Array,
  models: number,
  size: number,
): Float64Array {
  const covariance = new Float64Array(models * models)
  const half = new Float64Array(size)
  const column = new Float64Array(size)
  for (let i = 0; i < models; i++) {
    multiplySymmetric(b, size, c.subarray(i * size, (i + 1) * size), half)
    multiplySymmetric(c, size, half, column)
    covariance.set(column.subarray(0, models), i * models)
  }
  return covariance
}
