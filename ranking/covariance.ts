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

/**
 * The sandwich C B C, C the inverse Hessian and B the meat: right whatever makes ties and whoever votes. O(size³).
 *
 * A handful of votes that all came out as expected has no spread at all, and a tie alone would make two models equal
 * for sure. So no variance is taken to be below C / (1 + votes): as if one more vote had come as a full surprise. On
 * boards with more than a few votes a model this bound is far below the sandwich and changes nothing.
 * `votes` are those of each model.
 */
export function sandwichCovariance(system: Likelihood, votes: Float64Array, { plain, clustered }: Meats): Covariance {
  const { size } = system
  const inverse = inverseHessian(system)
  const { meat, clusters } = clustered?.() ?? { meat: undefined, clusters: 0 }
  const meats = clusters < FEW_CLUSTERS ? [plain()] : []
  if (meat && clusters > 1) meats.push(meat)
  const matrices = meats.map((each) => sandwich(inverse, each, size))
  const least = (i: number, j = i) => 1 / (1 + Math.min(votes[i] ?? system.weight, votes[j] ?? system.weight))
  return covarianceFrom(matrices, { size, inverse, clusters }, least)
}

/** C alone: trusts the likelihood. Too wide for Bradley–Terry with half wins, too narrow for votes that hang together. */
export function modelCovariance(system: Likelihood): Covariance {
  const inverse = inverseHessian(system)
  return covarianceFrom([inverse], { size: system.size, inverse, clusters: 0 })
}

/** Of several matrices, and a share of the model's, the one that says the larger error counts, for each error. */
function covarianceFrom(
  matrices: readonly Float64Array[],
  facts: Pick<Covariance, 'size' | 'inverse' | 'clusters'>,
  leastShare: (i: number, j?: number) => number = () => 0,
): Covariance {
  const { size, inverse } = facts
  const errors = Float64Array.from({ length: size }, (_, i) => {
    let most = leastShare(i) * (inverse[i * size + i] as number)
    for (const matrix of matrices) most = Math.max(most, matrix[i * size + i] as number)
    return Math.sqrt(most)
  })
  const errorOfDifference = (i: number, j: number) => {
    if (i === j) return 0
    let most = leastShare(i, j) * differenceVariance(inverse, size, i, j)
    for (const matrix of matrices) most = Math.max(most, differenceVariance(matrix, size, i, j))
    return Math.sqrt(most)
  }
  return { ...facts, errors, errorOfDifference }
}

/** Casts: parameters are below `size`. */
function differenceVariance(matrix: Float64Array, size: number, i: number, j: number): number {
  const own = (matrix[i * size + i] as number) + (matrix[j * size + j] as number)
  return own - 2 * (matrix[i * size + j] as number)
}
