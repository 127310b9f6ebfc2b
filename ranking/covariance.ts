import { inverseHessian } from './inverse-hessian.ts'
import type { Likelihood } from './likelihood.ts'
import { sandwich } from './symmetric-products.ts'

/**
 * With fewer clusters than this the clustered covariance itself is unreliable (and with one it is zero), so the larger
 * of it and the plain one is taken. Cameron & Miller (2015) put "few" between 20 and 50.
 */
export const FEW_CLUSTERS = 20

/** The meats of a sandwich, made when asked for. */
export interface Meats {
  /** Every vote on its own. */
  readonly plain: () => Float64Array
  /** Votes of one cluster hanging together, and the number of clusters. */
  readonly clustered?: (() => { readonly meat: Float64Array; readonly clusters: number }) | undefined
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

/** The sandwich C B C, C the inverse Hessian and B the meat: right whatever makes ties and whoever votes. O(size³). */
export function sandwichCovariance(system: Likelihood, { plain, clustered }: Meats): Covariance {
  const { size } = system
  const inverse = inverseHessian(system)
  const { meat, clusters } = clustered?.() ?? { meat: undefined, clusters: 0 }
  const meats = clusters < FEW_CLUSTERS ? [plain()] : []
  if (meat && clusters > 1) meats.push(meat)
  const matrices = meats.map((each) => sandwich(inverse, each, size))
  return covarianceFrom(matrices, { size, inverse, clusters })
}

/** C alone: trusts the likelihood. Too wide for Bradley–Terry with half wins, too narrow for votes that hang together. */
export function modelCovariance(system: Likelihood): Covariance {
  const inverse = inverseHessian(system)
  return covarianceFrom([inverse], { size: system.size, inverse, clusters: 0 })
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
