import type { FittedComponent } from './board-fit.ts'
import { chiSquareTail } from './chi-square.ts'
import { factorize, solveFactored } from './cholesky.ts'
import { normalCdf } from './normal.ts'
import { POINTS_PER_LOGIT } from './scale.ts'

export interface ModelDrift {
  readonly model: number
  /** Rating in the second period minus rating in the first, relative to the models common to both, in points. */
  readonly change: number
  readonly se: number
  /** Chance of a change as large if nothing changed, for this model alone and (Holm 1979) among all of them. */
  readonly p: number
  readonly adjustedP: number
}

export interface Drift {
  /** Wald statistic of "no rating changed", chi-square with so many degrees of freedom, and its tail probability. */
  readonly chiSquare: number
  readonly degrees: number
  readonly p: number
  /** Most surprising first. */
  readonly models: readonly ModelDrift[]
}

/**
 * Did models change between two periods? Compares two fits of different votes by a Wald test with their sandwich
 * covariances, which, unlike a likelihood ratio, stays right with ties as half wins and with voters who vote often.
 * `too-few-common` when fewer than two models with a likelihood maximum of their own are in both.
 */
export function findDrift(before: FittedComponent, after: FittedComponent): Drift | 'too-few-common' {
  const common = commonCore(before, after)
  if (common.length < 2) return 'too-few-common'
  const change = centred(common.map(({ was, is }) => (after.point[is] ?? 0) - (before.point[was] ?? 0)))
  const covariance = centredCovariance(common.length, (x, y) => {
    const first = before.covariance.errorOfDifference(common[x]?.was ?? 0, common[y]?.was ?? 0)
    const second = after.covariance.errorOfDifference(common[x]?.is ?? 0, common[y]?.is ?? 0)
    return first ** 2 + second ** 2
  })
  const chiSquare = waldStatistic(change, covariance)
  const degrees = common.length - 1
  const models = common.map(({ model }, k) => {
    const se = Math.sqrt(covariance[k * common.length + k] ?? 0)
    const p = se > 0 ? 2 * normalCdf(-Math.abs(change[k] ?? 0) / se) : 1
    return { model, change: POINTS_PER_LOGIT * (change[k] ?? 0), se: POINTS_PER_LOGIT * se, p }
  })
  return { chiSquare, degrees, p: chiSquareTail(chiSquare, degrees), models: withHolm(models) }
}

interface CommonModel {
  readonly model: number
  /** Its number in the earlier and in the later component. */
  readonly was: number
  readonly is: number
}

function commonCore(before: FittedComponent, after: FittedComponent): CommonModel[] {
  const later = new Map(Array.from(after.component.models, (model, is) => [model, is]))
  return Array.from(before.component.models, (model, was) => ({ model, was, is: later.get(model) ?? -1 })).filter(
    ({ was, is }) => is >= 0 && before.component.isCore[was] === 1 && after.component.isCore[is] === 1,
  )
}

function centred(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.map((value) => value - mean)
}

/** The covariance relative to the mean from the variances of all differences: −½ J D J, J = I − 11ᵀ / n. */
function centredCovariance(size: number, variance: (x: number, y: number) => number): Float64Array {
  const d = Float64Array.from({ length: size * size }, (_, k) => variance(Math.floor(k / size), k % size))
  const means = Array.from(
    { length: size },
    (_, x) => d.subarray(x * size, (x + 1) * size).reduce((s, v) => s + v, 0) / size,
  )
  const mean = means.reduce((sum, value) => sum + value, 0) / size
  return d.map((value, k) => -0.5 * (value - (means[Math.floor(k / size)] ?? 0) - (means[k % size] ?? 0) + mean))
}

/** δᵀ S⁺ δ on the subspace of zero mean: S made definite by a shift, which such a δ does not feel. */
function waldStatistic(change: readonly number[], covariance: Float64Array): number {
  const size = change.length
  const shift = (covariance[0] ?? 0) / size
  const factor = covariance.map((value) => value + shift)
  const solution = Float64Array.from(change)
  if (!factorize(factor, size)) return 0
  solveFactored(factor, size, solution)
  return change.reduce((sum, value, k) => sum + value * (solution[k] ?? 0), 0)
}

function withHolm(models: readonly Omit<ModelDrift, 'adjustedP'>[]): ModelDrift[] {
  const sorted = models.toSorted((x, y) => x.p - y.p)
  let most = 0
  return sorted.map((model, k) => {
    most = Math.max(most, Math.min(1, model.p * (sorted.length - k)))
    return { ...model, adjustedP: most }
  })
}
