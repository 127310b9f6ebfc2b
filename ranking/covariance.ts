import type { ComponentFit } from './component-fit.ts'
import { inverseHessian } from './inverse-hessian.ts'
import { maxTCriticalValue, MOST_SIMULATED, sidakCriticalValue } from './max-t.ts'
import { clusteredMeat, voteMeat, type ClusterCells } from './meat.ts'
import { multiplySymmetric, quadraticForm, sandwichDiagonal } from './quadratic-form.ts'

/**
 * With fewer clusters than this the clustered covariance itself is unreliable (and with one it is zero), so the larger
 * of it and the plain one is taken. Cameron & Miller (2015) put "few" between 20 and 50.
 */
export const FEW_CLUSTERS = 20

export interface CovarianceOptions {
  /** `sandwich` holds whatever makes ties and whoever votes; `model` trusts the likelihood, and is too wide with ties. */
  readonly kind: 'sandwich' | 'model'
  /** Switches clustering on. */
  readonly cells?: ClusterCells | undefined
  readonly level: number
  readonly seed: number
}

/** How far the parameters of one component may be off. */
export interface Covariance {
  /** Inverse Hessian, size × size. */
  readonly inverse: Float64Array
  /** Standard errors in logits: strengths relative to the core's mean, then the extra parameters. */
  readonly errors: Float64Array
  /** Simultaneous critical value for the strengths. */
  readonly criticalValue: number
  /** Clusters among the core; 0 when votes count one by one. */
  readonly clusters: number
  /** Variance of a contrast vᵀ(parameters) in squared logits, v of length size. */
  readonly variance: (contrast: Float64Array) => number
}

/** C B C, C the inverse Hessian and B the meat; or C alone. O(size³). */
export function covarianceOf({ system }: ComponentFit, options: CovarianceOptions): Covariance {
  const { size, models } = system
  const inverse = inverseHessian(system)
  if (options.kind === 'model') {
    const variance = (contrast: Float64Array) => quadraticForm(contrast, inverse, size)
    const errors = Float64Array.from({ length: size }, (_, i) => Math.sqrt(inverse[i * size + i] ?? 0))
    const criticalValue = criticalValueOf(models, options, () => leadingBlock(inverse, size, models))
    return { inverse, errors, criticalValue, clusters: 0, variance }
  }
  const clustered = options.cells ? clusteredMeat(system, options.cells) : undefined
  const clusters = clustered?.clusters ?? 0
  const meats = clusters < FEW_CLUSTERS ? [voteMeat(system)] : []
  if (clustered && clusters > 1) meats.unshift(clustered.meat)
  const variances = new Float64Array(size)
  for (const meat of meats) {
    sandwichDiagonal(inverse, meat, size).forEach((variance, i) => {
      variances[i] = Math.max(variances[i] ?? 0, variance)
    })
  }
  return {
    inverse,
    errors: variances.map(Math.sqrt),
    criticalValue: criticalValueOf(models, options, () => ratingCovariance(inverse, meats[0], { size, models })),
    clusters,
    variance: (contrast) => {
      const direction = new Float64Array(size)
      multiplySymmetric(inverse, size, contrast, direction)
      return Math.max(...meats.map((meat) => quadraticForm(direction, meat, size)))
    },
  }
}

function criticalValueOf(models: number, options: CovarianceOptions, covariance: () => Float64Array): number {
  if (models > MOST_SIMULATED) return sidakCriticalValue(models, options.level)
  return maxTCriticalValue(covariance(), models, options)
}

/** The rating block of C B C. */
function ratingCovariance(
  c: Float64Array,
  b: Float64Array = new Float64Array(0),
  { size, models }: { size: number; models: number },
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

function leadingBlock(matrix: Float64Array, size: number, models: number): Float64Array {
  const block = new Float64Array(models * models)
  for (let i = 0; i < models; i++) block.set(matrix.subarray(i * size, i * size + models), i * models)
  return block
}
