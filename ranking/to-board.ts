import type { Board, Effect, RankedRow } from './board.ts'
import type { FitPoint } from './fit-point.ts'
import { SIDE } from './likelihood.ts'
import { FEW_CLUSTERS } from './covariance.ts'

/** Puts rows and the facts about the fit together. */
export function toBoard<Row extends RankedRow>(
  fits: readonly FitPoint[],
  rows: readonly Row[],
  facts: Pick<Board, 'method' | 'interval' | 'votes' | 'clusters'> & { effects: readonly Effect[] },
): Board<Row> {
  const side = facts.effects.find((effect) => effect.name === SIDE)
  return {
    ...facts,
    models: rows.length,
    converged: fits.every((fit) => fit.converged),
    iterations: fits.reduce((most, fit) => Math.max(most, fit.iterations), 0),
    components: fits.length,
    ...(side ? { sideEffect: side } : {}),
    rows,
  }
}

/** How sandwich intervals were made, in words. */
export function sandwichName(clusterName: string | undefined, clusters: number): string {
  if (!clusterName) return 'sandwich'
  if (clusters < FEW_CLUSTERS) return `sandwich, the larger of by ${clusterName} and by vote`
  return `sandwich by ${clusterName}`
}
