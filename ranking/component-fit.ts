import { BradleyTerrySystem } from './bradley-terry-system.ts'
import { fitBradleyTerry } from './bradley-terry.ts'
import type { Component } from './connectivity.ts'
import { CorePrior, PRIOR_PRECISION } from './core-prior.ts'
import type { FitPoint, FitStart } from './fit-point.ts'
import { isWild, type Likelihood, type TableLikelihood } from './likelihood.ts'
import type { PairTable } from './pair-table.ts'
import { DAVIDSON, RAO_KUPPER } from './tie-kernels.ts'
import { TiesSystem } from './ties-system.ts'
import { fitNewton } from './newton.ts'

/** The likelihoods that a board can be fitted by. */
export type LikelihoodMethod = 'bt' | 'davidson' | 'rao-kupper'

/** One connected component, fitted: where the optimum lies, and the likelihood, standing there. */
export interface ComponentFit<System extends Likelihood = TableLikelihood> extends FitPoint {
  readonly component: Component
  readonly system: System
}

/**
 * Fits one connected component of a table whose models are numbered as in the component. Votes without both ties
 * and decisions, and a few odd small sets, leave a ties model without a finite optimum: then Bradley–Terry is fitted,
 * and the system says so. An advantage of side a that the votes do not pin down gets the weak prior of provisional models.
 */
export function fitComponent(table: PairTable, component: Component, options: ComponentFitOptions): ComponentFit {
  if (!options.side) return attempt(table, component, { ...options, extraPrecision: 0 })
  const free = isSideConfounded(table) ? undefined : attempt(table, component, { ...options, extraPrecision: 0 })
  if (free && !isWild(free.system, free)) return free
  return attempt(table, component, { ...options, start: undefined, extraPrecision: PRIOR_PRECISION })
}

export interface ComponentFitOptions {
  readonly method: LikelihoodMethod
  readonly side: boolean
  readonly start?: FitStart | undefined
}

function attempt(
  table: PairTable,
  component: Component,
  { method, start, ...extra }: ComponentFitOptions & { extraPrecision: number },
): ComponentFit {
  const prior = new CorePrior(component.isCore)
  if (method !== 'bt' && hasTiesAndDecisions(table)) {
    const kernel = method === 'davidson' ? DAVIDSON : RAO_KUPPER
    const ties = new TiesSystem(table, prior, { kernel, ...extra })
    const fit = fitNewton(ties, start ?? { point: ties.start() }, ties.isAllowed)
    if (ties.isDetermined) return { component, system: ties, ...fit }
  }
  const system = new BradleyTerrySystem(table, prior, extra)
  return { component, system, ...fitBradleyTerry(system, method === 'bt' ? start : undefined) }
}

/**
 * Is the advantage of side a the same thing as some strengths? So when every model sits on a step of a ladder and each
 * row's first model stands exactly one step above its second. Walks the connected graph once.
 */
function isSideConfounded({ models, rows, first, second }: PairTable): boolean {
  const step = new Float64Array(models).fill(Number.NaN)
  step[first[0] ?? 0] = 0
  for (let grew = true; grew;) {
    grew = false
    for (let r = 0; r < rows; r++) {
      const upper = step[first[r] ?? 0] ?? Number.NaN
      const lower = step[second[r] ?? 0] ?? Number.NaN
      if (Number.isNaN(upper) && Number.isNaN(lower)) continue
      if (Number.isNaN(upper)) step[first[r] ?? 0] = lower + 1
      else if (Number.isNaN(lower)) step[second[r] ?? 0] = upper - 1
      else if (upper !== lower + 1) return false
      else continue
      grew = true
    }
  }
  return true
}

function hasTiesAndDecisions({ rows, win, loss, tie }: PairTable): boolean {
  const total = (column: Float64Array) => column.subarray(0, rows).reduce((sum, value) => sum + value, 0)
  return total(tie) > 0 && total(win) + total(loss) > 0
}
