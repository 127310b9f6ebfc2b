import type { FittedComponent } from './board-fit.ts'
import type { TableLikelihood } from './likelihood.ts'
import type { Random } from './random.ts'
import { Resampler } from './resampler.ts'
import { multiplySymmetric } from './symmetric-products.ts'

/** A replicate is done when a step moves no parameter by more: what is left is below 0.01 rating points. */
const STEP_TOLERANCE = 1e-4
const MOST_STEPS = 25
/** Without a finite optimum a replicate would walk off; nothing is told apart out there. */
const FARTHEST = 15

/**
 * The multinomial bootstrap on pair counts: every replicate redraws how often each outcome of each pair occurred and
 * refits. Counts are drawn as Poisson numbers: given their sum they are multinomial, and the fit does not depend on
 * the sum. Weighted votes are drawn as counts with the same mean and variance. Each refit takes chord steps with the
 * inverse Hessian of the full fit until it stands still. Returns rounds × size, a replicate's parameters per row.
 */
export function bootstrapReplicates(
  fit: FittedComponent,
  { rounds, random }: { rounds: number; random: Random },
): Float64Array {
  const { size } = fit.system
  const resampler = new Resampler(fit.system.table, random)
  const system = fit.system.over(resampler.table)
  const replicates = new Float64Array(rounds * size)
  const step = new Float64Array(fit.point.length)
  for (let round = 0; round < rounds; round++) {
    resampler.redraw()
    const point = refit(system, { start: fit.point, inverse: fit.covariance.inverse, step })
    replicates.set(point.subarray(0, size), round * size)
  }
  return replicates
}

/** Casts: vectors have the length of the point. */
function refit(
  system: TableLikelihood,
  { start, inverse, step }: { start: Float64Array; inverse: Float64Array; step: Float64Array },
): Float64Array {
  const point = start.slice()
  for (let k = 0; k < MOST_STEPS; k++) {
    system.slope(point)
    multiplySymmetric(inverse, system.size, system.gradient, step)
    let longest = 0
    for (let i = 0; i < system.size; i++) {
      const moved = (point[i] as number) - (step[i] as number)
      point[i] = Math.max(-FARTHEST, Math.min(FARTHEST, moved))
      longest = Math.max(longest, Math.abs(step[i] as number))
    }
    if (longest <= STEP_TOLERANCE) break
  }
  system.prior.centre(point)
  return point
}
