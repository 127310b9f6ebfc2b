import type { Effect } from './board.ts'
import type { ComponentFit } from './component-fit.ts'
import { TIE, type Likelihood } from './likelihood.ts'
import { TiesSystem } from './ties-system.ts'

/**
 * What a fit estimates beside the ratings: `side a`, the advantage of the left side in logits, and the ties parameter ν
 * or η on its own scale (standard error by the delta method). Without errors they are 0.
 */
export function effectsOf(
  { system, point }: ComponentFit<Likelihood>,
  uncertainty?: { readonly errors: (i: number) => number },
): Effect[] {
  return system.extras.map(({ name, index }) => {
    const estimate = point[index] ?? 0
    const se = uncertainty?.errors(index) ?? 0
    if (name !== TIE || !(system instanceof TiesSystem)) return { name, estimate, se }
    const shown = system.kernel.shown(estimate)
    return { name: shown.name, estimate: shown.value, se: se * shown.slope }
  })
}
