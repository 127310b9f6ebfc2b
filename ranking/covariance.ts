import type { ComponentFit } from './component-fit.ts'
import { inverseHessian } from './inverse-hessian.ts'
import { clusteredMeat, voteMeat, type ClusterCells } from './meat.ts'
import { sandwich } from './symmetric-products.ts'

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
}

/** How far the parameters of one component may be off, in logits: strengths relative to the core's mean, then extras. */
export interface Covariance {
  readonly size: number
  /** Inverse Hessian, size × size. */
  readonly inverse: Float64Array
  readonly errors: Float64Array
  /** Clusters among the core; 0 when votes count one by one. */
  readonly clusters: number
  /** Standard error of parameter i − parameter j. */
  readonly errorOfDifference: (i: number, j: number) => number
}

/** C B C, C the inverse Hessian and B the meat; or C alone. O(size³). */
export function covarianceOf({ system }: ComponentFit, options: CovarianceOptions): Covariance {
  const { size } = system
  const inverse = inverseHessian(system)
  if (options.kind === 'model') return covarianceFrom([inverse], { size, inverse, clusters: 0 })
  const clustered = options.cells ? clusteredMeat(system, options.cells) : undefined
  const clusters = clustered?.clusters ?? 0
  const meats = clusters < FEW_CLUSTERS ? [voteMeat(system)] : []
  if (clustered && clusters > 1) meats.push(clustered.meat)
  const matrices = meats.map((meat) => sandwich(inverse, meat, size))
  return covarianceFrom(matrices, { size, inverse, clusters })
}

/** Of several matrices the one that says the larger error counts, for each error that is asked for. */
function covarianceFrom(
  matrices: readonly Float64Array[],
  facts: Pick<Covariance, 'size' | 'inverse' | 'clusters'>,
): Covariance {
  const { size } = facts
  const largest = (variance: (matrix: Float64Array) => number) =>
    Math.sqrt(matrices.reduce((most, matrix) => Math.max(most, variance(matrix)), 0))
  return {
    ...facts,
    errors: Float64Array.from({ length: size }, (_, i) => largest((matrix) => matrix[i * size + i] ?? 0)),
    errorOfDifference: (i, j) =>
      largest((s) => (s[i * size + i] ?? 0) + (s[j * size + j] ?? 0) - 2 * (s[i * size + j] ?? 0)),
  }
}
