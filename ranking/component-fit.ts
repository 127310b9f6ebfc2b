import { BradleyTerrySystem } from './bradley-terry-system.ts'
import { fitBradleyTerry } from './bradley-terry.ts'
import type { Component } from './connectivity.ts'
import { CorePrior } from './core-prior.ts'
import type { FitPoint, FitStart } from './fit-point.ts'
import type { Likelihood, TableLikelihood } from './likelihood.ts'
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
 * Fits one connected component of a table whose models are numbered as in the component. A ties model without both ties
 * and decided votes has no finite tie parameter; its strengths are then those of Bradley–Terry, which is its limit.
 */
export function fitComponent(
  table: PairTable,
  component: Component,
  { method, side, start }: { method: LikelihoodMethod; side: boolean; start?: FitStart | undefined },
): ComponentFit {
  const prior = new CorePrior(component.isCore)
  if (method !== 'bt' && hasTiesAndDecisions(table)) {
    const kernel = method === 'davidson' ? DAVIDSON : RAO_KUPPER
    const ties = new TiesSystem(table, prior, { kernel, side })
    return { component, system: ties, ...fitNewton(ties, start ?? { point: ties.start() }, ties.isAllowed) }
  }
  const system = new BradleyTerrySystem(table, prior, side)
  return { component, system, ...fitBradleyTerry(system, start) }
}

function hasTiesAndDecisions({ rows, win, loss, tie }: PairTable): boolean {
  const total = (column: Float64Array) => column.subarray(0, rows).reduce((sum, value) => sum + value, 0)
  return total(tie) > 0 && total(win) + total(loss) > 0
}
